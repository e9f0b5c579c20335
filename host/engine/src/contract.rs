//! The contract as Rust types, generated from `wit/`. They never leave this crate: [`crate::lower`]
//! and [`crate::lift`] translate from and to the words of `santun-core`.

wasmtime::component::bindgen!({
    path: "../../wit/0.1.0",
    world: "santun:plugin/plugin",
    imports: {
        "santun:plugin/history.last": async | trappable,
        "santun:plugin/state.get": async | trappable,
        "santun:plugin/http.send": async | trappable,
        default: trappable,
    },
    exports: { default: async },
});
