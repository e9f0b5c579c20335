//! WASI 0.2, present and empty: no files, no environment, no arguments, no sockets. The wall clock
//! shows the time of decision, the monotonic clock is virtual and advances by what is waited for, and
//! randomness is seeded by the step.

mod clocks;
mod random;
mod stdio;

use clocks::VirtualClock;

use wasmtime::component::{HasData, HasSelf, Linker, ResourceTable};
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::{
    LinkOptions, cli, clocks as wasi_clocks, filesystem, random as wasi_random, sockets,
};
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView as _};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_io::bindings::wasi::io;

use crate::guest::Guest;

/// What resources of a guest share with it. It lives as long as the instance.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) clock: VirtualClock,
    printed: stdio::Printed,
}

struct Resources;

impl HasData for Resources {
    type Data<'a> = &'a mut ResourceTable;
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let (ctx, table) = self.wasi_parts(empty);
        WasiCtxView { ctx, table }
    }
}

/// Nothing of the host's: sockets cannot even be made.
fn empty() -> WasiCtx {
    let mut builder = WasiCtxBuilder::new();
    builder.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
    builder.build()
}

/// Offers every interface of WASI 0.2's command line world.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    let l = linker;
    // Clocks, randomness and output are our own.
    wasi_clocks::wall_clock::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    wasi_clocks::monotonic_clock::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    wasi_random::random::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    wasi_random::insecure::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    wasi_random::insecure_seed::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    cli::stdout::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    cli::stderr::add_to_linker::<Guest, HasSelf<Guest>>(l, |guest| guest)?;
    io::error::add_to_linker::<Guest, Resources>(l, Guest::resources)?;
    io::poll::add_to_linker::<Guest, Resources>(l, Guest::resources)?;
    io::streams::add_to_linker::<Guest, Resources>(l, Guest::resources)?;

    cli::exit::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::environment::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::stdin::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::terminal_input::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::terminal_output::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::terminal_stdin::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::terminal_stdout::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    cli::terminal_stderr::add_to_linker::<Guest, WasiCli>(l, Guest::cli)?;
    filesystem::types::add_to_linker::<Guest, WasiFilesystem>(l, Guest::filesystem)?;
    filesystem::preopens::add_to_linker::<Guest, WasiFilesystem>(l, Guest::filesystem)?;
    sockets::tcp::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)?;
    sockets::tcp_create_socket::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)?;
    sockets::udp::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)?;
    sockets::udp_create_socket::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)?;
    sockets::instance_network::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)?;
    sockets::network::add_to_linker::<Guest, WasiSockets>(l, &(&LinkOptions::default()).into(), Guest::sockets)?;
    sockets::ip_name_lookup::add_to_linker::<Guest, WasiSockets>(l, Guest::sockets)
}
