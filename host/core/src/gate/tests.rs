//! The gate as a whole: what happens to the drafts of a step, and to what waits in the outbox.

mod care;
mod consent;
mod disclosure;
mod form;
mod human_path;
mod ownership;
mod promises;
mod scene;
mod second_look;
mod trace;
mod window;
