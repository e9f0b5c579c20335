//! `#[plugin(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, ItemImpl, LitStr, Token};

use crate::json;

const CAPABILITIES: [&str; 5] = ["http", "customer.name", "customer.phone", "history", "warm"];
const EXPECTATIONS: [&str; 3] = ["pass", "reply", "handover"];

/// What the attribute says.
#[derive(Default)]
struct Told {
    name: Option<LitStr>,
    purpose: Vec<(Ident, LitStr)>,
    languages: Vec<LitStr>,
    asks: Vec<(LitStr, LitStr)>,
    examples: Vec<(LitStr, Option<Ident>)>,
}

impl Parse for Told {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut told = Self::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            match key.to_string().as_str() {
                "name" => {
                    input.parse::<Token![=]>()?;
                    told.name = Some(input.parse()?);
                }
                "purpose" => told.purpose = list(input, pair::<Ident>)?,
                "languages" => told.languages = list(input, |input| input.parse())?,
                "asks" => told.asks = list(input, pair::<LitStr>)?,
                "examples" => told.examples = list(input, example)?,
                other => {
                    let message = format!("`{other}` is not known here: name, purpose, languages, asks, examples are");
                    return Err(syn::Error::new(key.span(), message));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(told)
    }
}

fn list<T>(input: ParseStream<'_>, item: fn(ParseStream<'_>) -> syn::Result<T>) -> syn::Result<Vec<T>> {
    let content;
    syn::parenthesized!(content in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated_with(&content, item)?;
    Ok(items.into_iter().collect())
}

fn pair<K: Parse>(input: ParseStream<'_>) -> syn::Result<(K, LitStr)> {
    let key = input.parse()?;
    input.parse::<Token![=]>()?;
    Ok((key, input.parse()?))
}

fn example(input: ParseStream<'_>) -> syn::Result<(LitStr, Option<Ident>)> {
    let text = input.parse()?;
    if !input.peek(Token![=>]) {
        return Ok((text, None));
    }
    input.parse::<Token![=>]>()?;
    Ok((text, Some(input.parse()?)))
}

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let implementation: ItemImpl = syn::parse2(item)?;
    let told: Told = syn::parse2(attribute)?;
    let (before_version, before_schema, end) = told.document(&implementation)?;
    let plugin = &implementation.self_ty;
    Ok(quote! {
        #implementation

        const _: () = {
            use ::santun_plugin::config::{Node, Schema};

            impl ::santun_plugin::manifest::Manifest for #plugin {
                const MANIFEST: Node = Node::Parts(&[
                    Node::Text(#before_version),
                    Node::Text(::core::env!("CARGO_PKG_VERSION")),
                    Node::Text(#before_schema),
                    <<#plugin as ::santun_plugin::Plugin>::Config as Schema>::SCHEMA,
                    Node::Text(#end),
                ]);
            }

            // Forgetting a key, or a value that is none, is found while compiling, natively as well.
            const LENGTH: usize = <#plugin as ::santun_plugin::manifest::Manifest>::MANIFEST.len();

            #[cfg(target_arch = "wasm32")]
            #[allow(unsafe_code)]
            #[used]
            #[unsafe(link_section = "santun:manifest")]
            static MANIFEST: [u8; LENGTH] = <#plugin as ::santun_plugin::manifest::Manifest>::MANIFEST.bytes();
            #[cfg(not(target_arch = "wasm32"))]
            const _: [u8; LENGTH] = <#plugin as ::santun_plugin::manifest::Manifest>::MANIFEST.bytes();

            #[cfg(target_arch = "wasm32")]
            struct Component;

            #[cfg(target_arch = "wasm32")]
            impl ::santun_plugin::bindings::exports::santun::plugin::behaviour::Guest for Component {
                fn prepare(
                    config: ::std::string::String,
                ) -> ::core::result::Result<::std::vec::Vec<u8>, ::std::string::String> {
                    ::santun_plugin::glue::prepare::<#plugin>(&config)
                }

                fn handle(
                    event: ::santun_plugin::Event,
                    context: ::santun_plugin::Context,
                ) -> ::core::result::Result<
                    ::santun_plugin::bindings::santun::plugin::types::Verdict,
                    ::std::string::String,
                > {
                    ::santun_plugin::glue::handle_in_guest::<#plugin>(&event, &context)
                }
            }

            #[cfg(target_arch = "wasm32")]
            ::santun_plugin::bindings::export_behaviour!(Component with_types_in ::santun_plugin::bindings);
        };
    })
}

impl Told {
    /// The document, cut where the version and the schema go.
    fn document(&self, implementation: &ItemImpl) -> syn::Result<(String, String, String)> {
        let missing = |what: &str| syn::Error::new_spanned(&implementation.self_ty, format!("say {what}"));
        let name = self.name.as_ref().ok_or_else(|| missing("name = \"…\""))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.value().is_empty() || !name.value().chars().all(plain) {
            return Err(syn::Error::new(name.span(), "a name has lower-case letters, digits and hyphens"));
        }
        let purpose = ["id", "en"].map(|language| {
            let told = self.purpose.iter().find(|(known, _)| known == language);
            told.map(|(_, text)| format!("{}:{}", json::string(language), json::string(&text.value())))
        });
        let [Some(indonesian), Some(english)] = purpose else {
            return Err(missing("purpose(id = \"…\", en = \"…\")"));
        };
        if self.languages.is_empty() {
            return Err(missing("languages(\"id\", \"en\")"));
        }
        let languages = json::strings(self.languages.iter().map(LitStr::value));
        let before_version = format!("{{\"contract\":\"0.1\",\"name\":{},\"version\":\"", json::string(&name.value()));
        let before_schema = format!(
            "\",\"purpose\":{{{indonesian},{english}}},\"languages\":{languages},\"asks\":[{}],\"examples\":[{}],\
             \"config_schema\":{{",
            self.asks()?,
            self.examples()?
        );
        Ok((before_version, before_schema, "}}".to_owned()))
    }

    fn asks(&self) -> syn::Result<String> {
        let mut asks = Vec::new();
        for (capability, reason) in &self.asks {
            if !CAPABILITIES.contains(&capability.value().as_str()) {
                let message = format!("no such capability: there are {}", CAPABILITIES.join(", "));
                return Err(syn::Error::new(capability.span(), message));
            }
            asks.push(format!(
                "{{\"capability\":{},\"reason\":{}}}",
                json::string(&capability.value()),
                json::string(&reason.value())
            ));
        }
        Ok(asks.join(","))
    }

    fn examples(&self) -> syn::Result<String> {
        let mut examples = Vec::new();
        for (text, expect) in &self.examples {
            let text = json::string(&text.value());
            examples.push(match expect {
                None => format!("{{\"text\":{text}}}"),
                Some(expect) if EXPECTATIONS.iter().any(|known| expect == known) => {
                    format!("{{\"text\":{text},\"expect\":\"{expect}\"}}")
                }
                Some(expect) => return Err(syn::Error::new(expect.span(), "pass, reply or handover")),
            });
        }
        Ok(examples.join(","))
    }
}
