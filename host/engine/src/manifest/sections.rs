//! The sections of a component that can be read without compiling it.

use wasmparser::{Encoding, Parser, Payload};

use super::{SECTION, SUPPORTED, contract};
use crate::rejected::Rejected;

const BEHAVIOUR: &str = "santun:plugin/behaviour";
/// What the WASI of this host offers; all of it empty.
const WASI: &[&str] = &["wasi:cli/", "wasi:clocks/", "wasi:filesystem/", "wasi:io/", "wasi:random/", "wasi:sockets/"];

/// What a component shows.
#[derive(Debug, Default)]
pub(super) struct Sections<'a> {
    pub(super) manifest: Option<&'a [u8]>,
    imports: Vec<&'a str>,
    exports: Vec<&'a str>,
}

/// Walks through the bytes; anything that cannot be walked through is corrupt.
pub(super) fn read(bytes: &[u8]) -> Result<Sections<'_>, Rejected> {
    let corrupt = |error: wasmparser::BinaryReaderError| Rejected::Corrupt(error.to_string());
    if !bytes.starts_with(b"\0asm") {
        return Err(Rejected::Corrupt("it does not begin with the magic bytes of WebAssembly".into()));
    }
    let mut sections = Sections::default();
    // How deep the walk is inside nested modules and components; the outermost one is 1.
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(corrupt)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(Rejected::CoreModule),
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 1 => {
                for import in imports {
                    sections.imports.push(import.map_err(corrupt)?.name.name);
                }
            }
            Payload::ComponentExportSection(exports) if depth == 1 => {
                for export in exports {
                    sections.exports.push(export.map_err(corrupt)?.name.name);
                }
            }
            Payload::CustomSection(section) if section.name() == SECTION => sections.manifest = Some(section.data()),
            _ => {}
        }
    }
    if depth != 0 {
        return Err(Rejected::Corrupt("it ends too early".into()));
    }
    Ok(sections)
}

impl Sections<'_> {
    /// Whether it imports only what is offered and exports what is needed.
    pub(super) fn check(&self) -> Result<(), Rejected> {
        for name in self.imports.iter().chain(&self.exports) {
            let (interface, version) = name.split_once('@').unwrap_or((name, ""));
            if interface.starts_with("santun:plugin/") && !is_supported(version) {
                return Err(contract(version));
            }
        }
        self.imports.iter().try_for_each(|name| check_import(name))?;
        if !self.exports.iter().any(|name| name.split('@').next() == Some(BEHAVIOUR)) {
            return Err(Rejected::MissingExport(format!("{BEHAVIOUR}@0.1.0")));
        }
        Ok(())
    }
}

fn is_supported(version: &str) -> bool {
    version.strip_prefix(SUPPORTED).is_some_and(|rest| rest.starts_with('.'))
}

fn check_import(name: &str) -> Result<(), Rejected> {
    let refuse = |advice| Err(Rejected::Import { import: name.to_owned(), advice });
    let (interface, version) = name.split_once('@').unwrap_or((name, ""));
    if interface.starts_with("santun:plugin/") {
        let known = ["types", "history", "state", "prepared", "log", "http"];
        let offered = known.iter().any(|known| interface.strip_prefix("santun:plugin/") == Some(known));
        return if offered { Ok(()) } else { refuse("build the plugin against the released WIT files") };
    }
    if interface.starts_with("wasi:http/") {
        return refuse("send requests by the interface `santun:plugin/http`, to origins that the operator grants");
    }
    if interface.starts_with("wasi:") && version.starts_with("0.3") {
        return refuse("build the plugin for WASI 0.2 (`wasm32-wasip2`)");
    }
    if WASI.iter().any(|offered| interface.starts_with(offered)) && version.starts_with("0.2.") {
        return Ok(());
    }
    refuse("a plugin has the interfaces of santun:plugin and WASI 0.2, and no others; remove what needs it")
}
