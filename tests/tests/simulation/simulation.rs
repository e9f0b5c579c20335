//! One simulation: a whole host in this process, and everything around it, out of one seed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Once};

use santun::apply::{Files, Intent, Proposal, Sources};
use santun::host::{Host, Parts};
use santun::spans::Spans;
use santun_core::flow::Actor;
use santun_core::ids::{PluginName, UserId};
use santun_core::time::Timestamp;
use santun_core::world::World;
use santun_engine::{Behaviour, Bounds, Engine, EngineSettings, Interrupt};
use santun_store::{MasterKey, NewUser, OpenError, Role, Step, Steps, Store, StoreSettings};
use santun_tests::lab::{bot, echo};
use santun_whatsapp::graph::{AccessToken, Graph, GraphSettings};
use tempfile::TempDir;

use crate::chance::Chance;
use crate::disk::{self, Disk, Word};
use crate::life::{self, End};
use crate::meta::{Line, Meta};
use crate::world::{Fate, Log, SimWorld};

/// What differs between bots: how long messages settle, and what follows when the plugin fails.
const BOTS: [(u32, &str); 4] = [(0, "skip"), (30, "handover"), (1_200, "skip"), (1_200, "handover")];

/// One simulation.
pub(crate) struct Sim {
    pub(crate) world: Arc<SimWorld>,
    pub(crate) fate: Arc<Fate>,
    pub(crate) log: Arc<Log>,
    pub(crate) disk: Arc<Disk>,
    pub(crate) meta: Arc<Meta>,
    pub(crate) plan: Chance,
    pub(crate) agents: Vec<Actor>,
    pub(crate) folder: TempDir,
}

/// What a simulation came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// The same for two runs in which the same happened.
    pub(crate) digest: String,
    /// What must not be, and was.
    pub(crate) wrong: Vec<String>,
    /// Everything that happened.
    pub(crate) text: String,
    /// How often what happened.
    pub(crate) counted: BTreeMap<&'static str, usize>,
}

/// Runs the simulation of a seed.
pub(crate) fn simulate(seed: u64) -> Outcome {
    simulate_on(Word::Kept, seed)
}

/// Runs the simulation of a seed on such a disk.
pub(crate) fn simulate_on(word: Word, seed: u64) -> Outcome {
    let (world, fate, log) = (Arc::new(SimWorld::new(seed)), Arc::new(Fate::default()), Arc::new(Log::default()));
    let template = template(usize::try_from(seed % BOTS.len() as u64).unwrap());
    let folder = disk::folder();
    disk::copy(template.folder.path(), folder.path());
    let sim = Arc::new(Sim {
        disk: Arc::new(Disk::new(seed, word, world.clone(), fate.clone(), log.clone())),
        meta: Arc::new(Meta::new(seed, world.clone(), fate.clone(), log.clone())),
        plan: Chance::of(seed, 5),
        agents: template.agents.clone(),
        world,
        fate,
        log,
        folder,
    });
    SharedWorld::is(sim.world.clone());
    watch_panics();
    let mut counted = BTreeMap::new();
    let mut plan = life::Plan::new(&sim);
    loop {
        let end = on_a_runtime(&sim.world, life::live(&sim, &mut plan));
        *counted.entry(end.name()).or_default() += 1;
        if end == End::Done {
            break;
        }
    }
    counted.extend(plan.counted());
    if PANICS.get() > 0 {
        sim.log.wrong(sim.world.truth(), format!("{} panics", PANICS.get()));
    }
    counted.insert("unknown", sim.meta.ambiguous());
    Outcome { digest: sim.log.digest(), wrong: sim.log.all_wrong(), text: sim.log.text(), counted }
}

/// Counts the panics of this thread from now on.
fn watch_panics() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            usual(panic);
        }));
    });
    PANICS.set(0);
}

/// Runs a life on a runtime of its own, whose clock moves on whenever nothing else does. What is left of the life
/// when it ends is gone at once, as at a crash.
fn on_a_runtime<F: Future>(world: &SimWorld, life: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        world.life_begins();
        let output = life.await;
        world.life_ends();
        output
    })
}

impl Sim {
    /// A host on what the one before has left.
    pub(crate) async fn host(&self) -> Result<Arc<Host>, OpenError> {
        assemble(self.folder.path(), self.world.clone(), self.disk.clone(), Some(self.meta.clone())).await
    }
}

async fn assemble(
    folder: &Path,
    world: Arc<SimWorld>,
    steps: Arc<dyn Steps>,
    meta: Option<Arc<Meta>>,
) -> Result<Arc<Host>, OpenError> {
    let [url, keys_url] = disk::addresses(folder);
    let settings = StoreSettings { url, keys_url, master_key: MasterKey::from_bytes([7; 32]) };
    let store = Store::open_stepped(settings, world.clone(), steps).await?;
    let graph = Graph::new(&GraphSettings::new("http://graph.invalid", "v26.0")).expect("settings");
    let graph = match meta {
        Some(meta) => graph.carried_by(Arc::new(Line(meta))),
        None => graph,
    };
    Ok(Host::at_rest(Parts {
        world,
        store,
        engine: engine(),
        graph,
        token: AccessToken::new("token").expect("a token"),
        plugins_folder: folder.to_owned(),
        folder: folder.to_owned(),
        data_folder: folder.to_owned(),
        spans: Spans::default(),
    }))
}

/// The world of the simulation that runs on this thread: what an engine that outlives it goes by.
struct SharedWorld;

thread_local! {
    static WORLD: RefCell<Option<Arc<SimWorld>>> = const { RefCell::new(None) };
    /// Panics in this simulation, also of tasks that nobody waits for.
    static PANICS: Cell<u32> = const { Cell::new(0) };
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
    /// Kept so that nothing is compiled twice.
    static SERVED: RefCell<Vec<Arc<Behaviour>>> = const { RefCell::new(Vec::new()) };
    static TEMPLATES: RefCell<BTreeMap<usize, Arc<Template>>> = const { RefCell::new(BTreeMap::new()) };
}

impl SharedWorld {
    fn is(world: Arc<SimWorld>) {
        WORLD.set(Some(world));
    }
}

impl World for SharedWorld {
    fn now(&self) -> Timestamp {
        WORLD.with_borrow(|world| world.as_ref().map_or(Timestamp::default(), |world| world.now()))
    }

    fn fill(&self, bytes: &mut [u8]) {
        WORLD.with_borrow(|world| world.as_ref().expect("a simulation runs").fill(bytes));
    }
}

/// One engine a thread, since compiling takes longer than a simulation. It keeps nothing of what it ran.
fn engine() -> Engine {
    ENGINE.with_borrow_mut(|engine| {
        let new = || {
            let bounds = Bounds { instances: 32, interrupt: Interrupt::Never, ..Bounds::default() };
            let (world, cache_key) = (Arc::new(SharedWorld), [1; 32]);
            let settings = EngineSettings { cache: None, cache_key, contact_secret: [2; 32], world, bounds };
            Engine::new(settings).expect("an engine")
        };
        engine.get_or_insert_with(new).clone()
    })
}

/// What a host has left to which a bot was applied and nothing has happened: where simulations begin.
struct Template {
    folder: TempDir,
    agents: Vec<Actor>,
}

fn template(bot: usize) -> Arc<Template> {
    if let Some(known) = TEMPLATES.with_borrow(|known| known.get(&bot).cloned()) {
        return known;
    }
    let made = Arc::new(make_template(bot));
    TEMPLATES.with_borrow_mut(|known| known.insert(bot, made.clone()));
    made
}

fn make_template(nth: usize) -> Template {
    struct Through;
    impl Steps for Through {
        fn step(&self, _: &str) -> Step {
            Step::Now
        }
    }
    let (settle_ms, on_failure) = BOTS[nth];
    let folder = disk::folder();
    std::fs::write(folder.path().join("echo.wasm"), echo()).expect("the plugin is written");
    let source = "source = \"file:echo.wasm\"";
    let document = bot(settle_ms)
        .replace(source, &format!("{source}\non_failure = \"{on_failure}\""))
        .replace("typing = false", "typing = true")
        + "[purpose.promo]\nid = \"promo\"\nen = \"promotions\"\n";
    let world = Arc::new(SimWorld::new(nth as u64));
    SharedWorld::is(world.clone());
    let agents = on_a_runtime(&world, async {
        let host = assemble(folder.path(), world.clone(), Arc::new(Through), None).await.expect("a store");
        let mut agents = Vec::new();
        for login in ["rina", "budi"] {
            let id = UserId::new(&*world);
            let name = login.to_owned();
            let new = NewUser { id, login: name.clone(), name: name.clone(), role: Role::Agent, divisions: Vec::new() };
            host.store.user_add(new).await.expect("a user");
            agents.push(Actor { user: id, name, oversees: login == "budi", divisions: Vec::new() });
        }
        let by = "simulation".to_owned();
        let (files, sources) = (Files::default(), Sources::Folder);
        let proposal = Proposal { document, files, sources, base: None, by, note: String::new() };
        host.apply(proposal, Intent::Serve).await.expect("the bot is applied");
        let live = host.live().expect("it is served");
        let plugin = live.behaviours.get(&PluginName::from("echo")).expect("its plugin").clone();
        SERVED.with_borrow_mut(|served| served.push(plugin));
        host.store.close().await;
        agents
    });
    Template { folder, agents }
}
