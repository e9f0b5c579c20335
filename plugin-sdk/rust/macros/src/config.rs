//! `#[derive(Config)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Ident, Lit, Meta, Token, Type, UnOp};

use crate::json;

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    if !input.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(&input.generics, "a configuration has no generic parameters"));
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => of_struct(&input, fields.named.iter()),
            _ => Err(syn::Error::new_spanned(&input.ident, "a configuration has named fields")),
        },
        Data::Enum(data) => {
            let mut words = Vec::new();
            for variant in &data.variants {
                if !matches!(variant.fields, Fields::Unit) {
                    return Err(syn::Error::new_spanned(variant, "a choice has plain variants"));
                }
                words.push((&variant.ident, kebab_case(&variant.ident.to_string())));
            }
            of_enum(&input, &words)
        }
        Data::Union(_) => Err(syn::Error::new_spanned(&input.ident, "a configuration is a struct or an enum")),
    }
}

/// What `#[config(…)]` on a field says.
#[derive(Default)]
struct Told {
    default: Option<Option<Expr>>,
    min: Option<Expr>,
    max: Option<Expr>,
    file: bool,
}

fn told(field: &Field) -> syn::Result<Told> {
    let mut told = Told::default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("config")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("default") {
                told.default = Some(if meta.input.peek(Token![=]) { Some(meta.value()?.parse()?) } else { None });
            } else if meta.path.is_ident("min") {
                told.min = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("max") {
                told.max = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("file") {
                told.file = true;
            } else {
                return Err(meta.error("default, min, max and file are known here"));
            }
            Ok(())
        })?;
    }
    Ok(told)
}

fn of_struct<'a>(input: &DeriveInput, fields: impl Iterator<Item = &'a Field>) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let mut properties = Vec::new();
    let mut required = Vec::new();
    let (mut shadow, mut names, mut defaults, mut checks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let Some(field_name) = &field.ident else { continue };
        let key = field_name.to_string();
        let told = told(field)?;
        let field_type = &field.ty;
        let optional = is_option(field_type);
        if told.default.is_none() && !optional {
            required.push(key.clone());
        }
        properties.push(property(&key, field, &told)?);
        let serde_default = match &told.default {
            Some(Some(value)) => {
                let function = format_ident!("default_{field_name}");
                let path = function.to_string();
                let value = match value {
                    Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => quote!(::std::string::String::from(#text)),
                    value => quote!(#value),
                };
                defaults.push(quote! { fn #function() -> #field_type { #value } });
                quote! { #[serde(default = #path)] }
            }
            Some(None) => quote! { #[serde(default)] },
            None => quote! {},
        };
        shadow.push(quote! { #serde_default #field_name: #field_type });
        checks.extend(bound(field_name, &told.min, quote!(<), "below"));
        checks.extend(bound(field_name, &told.max, quote!(>), "above"));
        names.push(field_name);
    }
    let mut head = String::from("\"type\":\"object\",\"additionalProperties\":false");
    if let Some(description) = documentation(&input.attrs) {
        head.push_str(&format!(",\"description\":{}", json::string(&description)));
    }
    if !required.is_empty() {
        head.push_str(&format!(",\"required\":{}", json::strings(required)));
    }
    head.push_str(",\"properties\":{");
    let separators = (0..properties.len()).map(|n| if n == 0 { "" } else { "," });
    let serde = quote!(::santun_plugin::__private::serde);
    let serde_path = "::santun_plugin::__private::serde";
    let name_text = name.to_string();
    let count = names.len();
    let keys = names.iter().map(|name| name.to_string());
    Ok(quote! {
        const _: () = {
            use ::santun_plugin::config::{Config, Node, Schema};

            impl Schema for #name {
                const SCHEMA: Node = Node::Parts(&[
                    Node::Text(#head),
                    #(Node::Text(#separators), #properties,)*
                    Node::Text("}"),
                ]);
            }

            impl Config for #name {}

            #(#defaults)*

            #[derive(#serde::Deserialize)]
            #[serde(crate = #serde_path, deny_unknown_fields, rename = #name_text)]
            struct Shadow { #(#shadow,)* }

            impl<'de> #serde::Deserialize<'de> for #name {
                fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    let shadow = <Shadow as #serde::Deserialize>::deserialize(deserializer)?;
                    #(#checks)*
                    Ok(Self { #(#names: shadow.#names,)* })
                }
            }

            impl #serde::Serialize for #name {
                fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    use #serde::ser::SerializeStruct as _;
                    #[allow(unused_mut)]
                    let mut fields = serializer.serialize_struct(#name_text, #count)?;
                    #(fields.serialize_field(#keys, &self.#names)?;)*
                    fields.end()
                }
            }
        };
    })
}

fn of_enum(input: &DeriveInput, words: &[(&Ident, String)]) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let all = json::strings(words.iter().map(|(_, word)| word.clone()));
    let members = format!("\"type\":\"string\",\"enum\":{all}");
    let serde = quote!(::santun_plugin::__private::serde);
    let serde_path = "::santun_plugin::__private::serde";
    let name_text = name.to_string();
    let variants: Vec<&Ident> = words.iter().map(|(variant, _)| *variant).collect();
    let numbers: Vec<u32> = (0..).take(words.len()).collect();
    let keys: Vec<&String> = words.iter().map(|(_, word)| word).collect();
    Ok(quote! {
        const _: () = {
            use ::santun_plugin::config::{Config, Node, Schema};

            impl Schema for #name {
                const SCHEMA: Node = Node::Text(#members);
            }

            impl Config for #name {}

            #[derive(#serde::Deserialize)]
            #[serde(crate = #serde_path, rename = #name_text)]
            enum Shadow { #(#[serde(rename = #keys)] #variants,)* }

            impl<'de> #serde::Deserialize<'de> for #name {
                fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    Ok(match <Shadow as #serde::Deserialize>::deserialize(deserializer)? {
                        #(Shadow::#variants => Self::#variants,)*
                    })
                }
            }

            impl #serde::Serialize for #name {
                fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    match self {
                        #(Self::#variants => serializer.serialize_unit_variant(#name_text, #numbers, #keys),)*
                    }
                }
            }
        };
    })
}

/// One property of the schema: what the field says, before what its type says.
fn property(key: &str, field: &Field, told: &Told) -> syn::Result<TokenStream> {
    let mut head = format!("{}:{{", json::string(key));
    if let Some(description) = documentation(&field.attrs) {
        head.push_str(&format!("\"description\":{},", json::string(&description)));
    }
    if let Some(Some(value)) = &told.default {
        head.push_str(&format!("\"default\":{},", literal(value)?));
    }
    if told.file {
        head.push_str("\"x-santun-file\":true,");
    }
    let field_type = &field.ty;
    let schema = match (&told.min, &told.max) {
        // A type's own bounds would stand beside these.
        (None, None) => quote!(<#field_type as Schema>::SCHEMA),
        (min, max) => {
            let mut members = format!("\"type\":\"{}\"", number_type(field_type)?);
            let (min, max) = (min.as_ref().map(literal).transpose()?, max.as_ref().map(literal).transpose()?);
            if let Some(min) = min.or_else(|| own_bounds(field_type).map(|(min, _)| min.to_owned())) {
                members.push_str(&format!(",\"minimum\":{min}"));
            }
            let own_max = || own_bounds(field_type).and_then(|(_, max)| max).map(str::to_owned);
            if let Some(max) = max.or_else(own_max) {
                members.push_str(&format!(",\"maximum\":{max}"));
            }
            quote!(Node::Text(#members))
        }
    };
    Ok(quote!(Node::Parts(&[Node::Text(#head), #schema, Node::Text("}")])))
}

fn bound(field: &Ident, value: &Option<Expr>, wrong: TokenStream, word: &str) -> Option<TokenStream> {
    let value = value.as_ref()?;
    let shown = quote!(#value).to_string().replace(' ', "");
    let message = format!("`{field}` is {word} {shown}");
    Some(quote! {
        if shadow.#field #wrong #value {
            return Err(<D::Error as ::santun_plugin::__private::serde::de::Error>::custom(#message));
        }
    })
}

fn type_name(field_type: &Type) -> Option<String> {
    match field_type {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn is_option(field_type: &Type) -> bool {
    type_name(field_type).as_deref() == Some("Option")
}

fn number_type(field_type: &Type) -> syn::Result<&'static str> {
    match type_name(field_type).as_deref() {
        Some("f32" | "f64") => Ok("number"),
        Some("u8" | "u16" | "u32" | "u64" | "i32" | "i64") => Ok("integer"),
        _ => Err(syn::Error::new_spanned(field_type, "bounds are for numbers")),
    }
}

fn own_bounds(field_type: &Type) -> Option<(&'static str, Option<&'static str>)> {
    match type_name(field_type)?.as_str() {
        "u8" => Some(("0", Some("255"))),
        "u16" => Some(("0", Some("65535"))),
        "u32" => Some(("0", Some("4294967295"))),
        "u64" => Some(("0", None)),
        _ => None,
    }
}

/// A literal as JSON.
fn literal(value: &Expr) -> syn::Result<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Ok(json::string(&text.value())),
            Lit::Int(number) => Ok(number.base10_digits().to_owned()),
            Lit::Float(number) => Ok(number.base10_digits().to_owned()),
            Lit::Bool(truth) => Ok(truth.value.to_string()),
            _ => Err(syn::Error::new_spanned(value, "a text, a number, true or false")),
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Ok(format!("-{}", literal(&unary.expr)?)),
        _ => Err(syn::Error::new_spanned(value, "a text, a number, true or false")),
    }
}

/// The doc comment, its lines joined.
fn documentation(attributes: &[Attribute]) -> Option<String> {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value
        {
            lines.push(line.value().trim().to_owned());
        }
    }
    let text = lines.join(" ").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_become_words_in_kebab_case() {
        assert_eq!(kebab_case("VeryFormal"), "very-formal");
        assert_eq!(kebab_case("Warm"), "warm");
    }
}
