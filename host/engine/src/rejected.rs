//! Why bytes did not become a plugin.

/// Why a plugin is refused: a sentence that says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The bytes are no valid component.
    #[error(
        "the file is not a valid WebAssembly component: {0}; it may be corrupt or cut short, build or copy it again"
    )]
    Corrupt(String),
    /// It consists of more than this host gives to one plugin.
    #[error("the plugin consists of more than this host gives to one: {0}; build it of fewer or smaller parts")]
    TooLarge(String),
    /// A core module.
    #[error(
        "the file is a WebAssembly core module, not a component; build it for `wasm32-wasip2`, or wrap it with `wit-component`"
    )]
    CoreModule,
    /// It was built for another contract.
    #[error(
        "the plugin speaks version {found} of the contract santun:plugin; this host supports {supported}; {advice}"
    )]
    Contract {
        /// The version that it speaks.
        found: String,
        /// The versions that this host knows.
        supported: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// It lacks an export of the world.
    #[error(
        "the component is not a Santun plugin: it does not export `{0}`; build it for the world `santun:plugin/plugin`"
    )]
    MissingExport(String),
    /// It imports what this host does not offer.
    #[error("the component imports `{import}`, which this host does not offer: {advice}")]
    Import {
        /// The import.
        import: String,
        /// What to do.
        advice: &'static str,
    },
    /// Its types differ from the contract's.
    #[error("the component does not fit the contract santun:plugin: {0}; build it against the released WIT files")]
    Mismatch(String),
    /// Its manifest is missing or wrong.
    #[error("the manifest (custom section `santun:manifest`) {0}")]
    Manifest(String),
    /// Its configuration does not fit its schema, or it refuses it.
    #[error("the configuration does not fit: {}", .0.join("; "))]
    Config(Vec<String>),
    /// The operator's settings cannot be followed.
    #[error("the settings of the plugin cannot be followed: {0}")]
    Setup(String),
    /// `prepare` or an example message failed.
    #[error("the check before activation failed: {0}")]
    Check(String),
    /// The host failed, not the plugin.
    #[error("the host could not compile the plugin: {0}")]
    Host(String),
}

impl Rejected {
    /// One word for metrics and reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Corrupt(_) => "corrupt",
            Self::TooLarge(_) => "too-large",
            Self::CoreModule => "core-module",
            Self::Contract { .. } => "contract",
            Self::MissingExport(_) => "missing-export",
            Self::Import { .. } => "import",
            Self::Mismatch(_) => "mismatch",
            Self::Manifest(_) => "manifest",
            Self::Config(_) => "config",
            Self::Setup(_) => "setup",
            Self::Check(_) => "check",
            Self::Host(_) => "host",
        }
    }
}
