//! The contract's shapes and functions, made from `wit/0.1.0/plugin.wit`.

wit_bindgen::generate!({
    path: "../../wit/0.1.0",
    world: "plugin",
    pub_export_macro: true,
    export_macro_name: "export_behaviour",
    default_bindings_module: "santun_plugin::bindings",
    additional_derives: [PartialEq],
    generate_unused_types: true,
});
