//! Components that no compiler would make: core modules written by hand, put into the world of plugins or
//! into one that only looks like it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::guests_built;

const CONTRACT: &str = include_str!("../../../../wit/0.1.0/plugin.wit");

const MANIFEST: &str = r#"{"contract":"0.1","name":"forged","version":"1.0.0",
"purpose":{"en":"Was written by hand."},"languages":["en"]}"#;

/// What every forged module begins with. Zeroes are the verdict `pass`, and what `prepare` gives back.
/// `$told` is true for any message but the greeting that a plugin is checked with.
const HEAD: &str = r#"
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 8192))
  (func $alloc (param $align i32) (param $size i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func $told (param $arguments i32) (result i32)
    (i32.ne (i32.load8_u (i32.load offset=24 (i32.load offset=4 (local.get $arguments)))) (i32.const 104)))
"#;

const REALLOC: &str = r#"
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (call $alloc (local.get 2) (local.get 3)))
"#;

/// A module in the world of plugins that runs `deed`, the body of a function without result, when it is
/// asked anything; `fields` stand before its functions.
pub(crate) fn that_does(imports: &str, deed: &str) -> Vec<u8> {
    module(&format!(
        r#"{imports}{HEAD}{REALLOC}
  (func $deed (param $arguments i32) {deed})
  (func (export "santun:plugin/behaviour@0.1.0#prepare") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "santun:plugin/behaviour@0.1.0#handle") (param $arguments i32) (result i32)
    (if (call $told (local.get $arguments)) (then (call $deed (local.get $arguments))))
    (i32.const 1024))"#
    ))
}

/// A module whose answer, a pointer, is `answer`, an expression.
pub(crate) fn that_answers(answer: &str) -> Vec<u8> {
    module(&format!(
        r#"{HEAD}{REALLOC}
  (func (export "santun:plugin/behaviour@0.1.0#prepare") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "santun:plugin/behaviour@0.1.0#handle") (param $arguments i32) (result i32)
    (if (result i32) (call $told (local.get $arguments)) (then {answer}) (else (i32.const 1024))))"#
    ))
}

/// A module whose allocator is `body` once something larger than a greeting is to be stored.
pub(crate) fn that_allocates(body: &str) -> Vec<u8> {
    module(&format!(
        r#"{HEAD}
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (if (i32.gt_u (local.get 3) (i32.const 1000)) (then {body}))
    (call $alloc (local.get 2) (local.get 3)))
  (func (export "santun:plugin/behaviour@0.1.0#prepare") (param i32 i32) (result i32) (i32.const 1024))
  (func (export "santun:plugin/behaviour@0.1.0#handle") (param $arguments i32) (result i32) (i32.const 1024))"#
    ))
}

/// A component of the world of plugins around a core module with these fields.
fn module(fields: &str) -> Vec<u8> {
    in_world(CONTRACT, WORLD, fields)
}

/// The world of plugins, and those parts of WASI that forged modules use.
const WORLD: &str = r#"
package santun:forged@0.1.0;
world forged { include santun:plugin/plugin@0.1.0; import wasi:clocks/monotonic-clock@0.2.0; import wasi:io/poll@0.2.0; }
package wasi:io@0.2.0 {
  interface poll {
    resource pollable { ready: func() -> bool; block: func(); }
    poll: func(in: list<borrow<pollable>>) -> list<u32>;
  }
}
package wasi:clocks@0.2.0 {
  interface monotonic-clock {
    use wasi:io/poll@0.2.0.{pollable};
    subscribe-duration: func(when: u64) -> own<pollable>;
  }
}
"#;

/// A component around a core module with these fields. `contract` is what `santun:plugin` is taken to be;
/// the world is the last package's only one.
pub(crate) fn in_world(contract: &str, world: &str, fields: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name)
    };
    let mut forge = Command::new(guests_built().join("debug/forge"))
        .args([file("contract.wit", contract), file("world.wit", world)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let module = wat::parse_str(format!("(module {fields})")).unwrap();
    forge.stdin.take().unwrap().write_all(&module).unwrap();
    let forged = forge.wait_with_output().unwrap();
    assert!(forged.status.success(), "the module is not of the world");
    let mut component = forged.stdout;
    section(&mut component, 0, &[&[15], b"santun:manifest".as_slice(), MANIFEST.as_bytes()].concat());
    component
}

/// The component with one more core module, given as text, that is instantiated with it.
pub(crate) fn beside(mut component: Vec<u8>, module: &str) -> Vec<u8> {
    let modules = wasmparser::Parser::new(0).parse_all(&component);
    let nested = modules.filter(|payload| matches!(payload, Ok(wasmparser::Payload::ModuleSection { .. }))).count();
    section(&mut component, 1, &wat::parse_str(module).unwrap());
    // One instance: made of a module, of which one, with no arguments.
    let instance = [&[1, 0], leb(nested).as_slice(), &[0]].concat();
    section(&mut component, 2, &instance);
    component
}

fn section(component: &mut Vec<u8>, id: u8, content: &[u8]) {
    component.push(id);
    component.extend(leb(content.len()));
    component.extend(content);
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
