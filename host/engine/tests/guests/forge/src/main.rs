//! `forge CONTRACT.wit WORLD.wit`: reads a core module from standard input and writes it to standard output
//! as a component of that world. With it, tests have plugins that no compiler would make.

use std::io::{Read, Write};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let (Some(contract), Some(world)) = (files.next(), files.next()) else {
        return Err("which contract, and which world?".into());
    };
    let mut resolve = Resolve::default();
    resolve.push_file(contract)?;
    let package = resolve.push_file(world)?;
    let world = resolve.select_world(&[package], None)?;
    let mut module = Vec::new();
    std::io::stdin().read_to_end(&mut module)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    let component = ComponentEncoder::default().module(&module)?.encode()?;
    std::io::stdout().write_all(&component)?;
    Ok(())
}
