//! The macros of `santun-plugin`. Use them through that crate.

mod config;
mod json;
mod plugin;

use proc_macro::TokenStream;

/// Makes an implementation of `Plugin` a component: exports the contract's functions and puts the manifest
/// into the binary. Natively, it only provides the manifest.
///
/// ```text
/// #[plugin(
///     name = "menu",                                    // lower case, hyphens
///     purpose(id = "Menyapa …", en = "Greets …"),       // one sentence each
///     languages("id", "en"),
///     asks("http" = "to look up orders"),               // http, customer.name, customer.phone, history, warm
///     examples("halo" => reply, "batal" => pass, "…"),  // => pass, reply, handover, or nothing
/// )]
/// ```
#[proc_macro_attribute]
pub fn plugin(attribute: TokenStream, item: TokenStream) -> TokenStream {
    plugin::expand(attribute.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a struct, or an enum of plain variants, readable from an operator's configuration, with a JSON
/// Schema. See `santun_plugin::config::Config`.
#[proc_macro_derive(Config, attributes(config))]
pub fn config(item: TokenStream) -> TokenStream {
    config::expand(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
