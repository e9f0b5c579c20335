//! A chain whose first three plugins misbehave, in the real program: the customer is answered by the fourth,
//! or a human is called, and nobody is left waiting.

use std::time::Instant;

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually, revision};

/// Loops, traps, takes all memory; then one that answers, or another that loops and calls a human.
fn document(last: &str) -> String {
    let plugin = |name: &str, on_failure: &str| {
        format!(
            "[[plugin]]\nname = \"{name}\"\nsource = \"file:{name}.wasm\"\non_failure = \"{on_failure}\"\n\
             limits = {{ cpu_ms = 20, memory_mb = 8 }}\n"
        )
    };
    let chain = format!("chain = [\"loops\", \"traps\", \"takes\", \"{last}\"]");
    let document = bot(0).replace("chain = [\"echo\"]", &chain);
    let bad = ["loops", "traps", "takes"].map(|name| plugin(name, "skip")).concat();
    document.replacen("[[division]]", &format!("{bad}{}[[division]]", plugin("calls", "handover")), 1)
}

async fn serving(last: &str) -> Lab {
    let mut lab = Lab::at_rest(Plan { bot: document(last), ..Plan::default() }).await;
    for (name, letter) in [("loops", 'L'), ("traps", 'T'), ("takes", 'M'), ("calls", 'L')] {
        lab.write(&format!("plugins/dist/{name}.wasm"), revision(letter));
    }
    lab.serve().await;
    let applied = lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    lab.ready().await;
    lab
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hostile_plugins_do_not_keep_the_fourth_from_answering() {
    let lab = serving("echo").await;
    let customer = lab.phone.customer("Rina", "628113400001").await;
    // More often than breakers take to open, so that it holds with them closed and open.
    for number in 0..8 {
        let (words, begun) = (format!("pesan {number}."), Instant::now());
        lab.phone.writes(&customer, &words).await;
        lab.phone.hears(&customer, &words).await;
        println!("message {number} was answered after {:.1?}", begun.elapsed());
    }
    let other = lab.phone.customer("Dodi", "628113400002").await;
    lab.phone.writes(&other, "dari orang lain.").await;
    lab.phone.hears(&other, "Gema A: dari orang lain.").await;
    let metrics = lab.metrics().await;
    for (plugin, outcome) in [("loops", "cpu_ms"), ("traps", "trap"), ("takes", "memory_mb"), ("loops", "breaker-open")]
    {
        let counted = metrics.lines().any(|line| {
            line.starts_with("santun_verdicts_total")
                && line.contains(&format!("plugin=\"{plugin}\""))
                && line.contains(&format!("outcome=\"{outcome}\""))
        });
        assert!(counted, "{plugin} ends as {outcome}: {metrics}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_that_is_hostile_to_its_end_hands_over_and_says_so() {
    let lab = serving("calls").await;
    let customer = lab.phone.customer("Rina", "628113500001").await;
    let begun = Instant::now();
    lab.phone.writes(&customer, "paket saya belum sampai.").await;
    let whole = eventually("a human is called", async || {
        let whole = lab.conversation("Rina").await?;
        (whole["line"]["owner"] == "queue").then_some(whole)
    })
    .await;
    println!("a human was called after {:.1?}", begun.elapsed());
    // The agent reads why, and the operator which plugin failed in what way.
    assert_eq!(whole["conversation"]["request"]["reason"], "bot-failed", "{whole}");
    let asked = whole["turns"].as_array().and_then(|turns| turns.iter().find(|turn| turn["by"] == "customer"));
    let step = asked.expect("the customer's message")["step"].clone();
    let trace = whole["steps"].as_array().and_then(|steps| steps.iter().find(|trace| trace["step"] == step));
    let failures: Vec<(&str, &str)> = trace.expect("its trace")["verdicts"]
        .as_array()
        .expect("verdicts")
        .iter()
        .map(|asked| (asked["plugin"].as_str().unwrap_or("?"), asked["failure"]["code"].as_str().unwrap_or("none")))
        .collect();
    let expected = [("loops", "cpu_ms"), ("traps", "trap"), ("takes", "memory_mb"), ("calls", "cpu_ms")];
    assert_eq!(failures, expected, "{trace:?}");
    // The customer reads that the bot is in trouble and that the chat has gone to the team, and no echo.
    let told = lab.phone.hears(&customer, "lagi ada gangguan").await;
    assert!(told.text().contains("belum bisa aku jawab"), "{told:?}");
    lab.phone.hears(&customer, "masuk antrean tim kami").await;
    let answers = lab.phone.answers(&customer).await;
    assert!(answers.iter().all(|answer| !answer.text().contains("Gema")), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swapping_one_plugin_leaves_the_others_as_they_are() {
    let lab = serving("echo").await;
    let customer = lab.phone.customer("Rina", "628113600001").await;
    let rests = async || {
        let (_, plugins) = lab.api(Method::GET, "/plugins", None).await;
        let traps = plugins.as_array().and_then(|all| all.iter().find(|plugin| plugin["name"] == "traps"));
        traps.expect("the plugin")["breaker"] == "open"
    };
    eventually("the breaker opens", async || {
        lab.phone.writes(&customer, "satu lagi.").await;
        rests().await.then_some(())
    })
    .await;
    lab.write("next.wasm", revision('B'));
    let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    assert!(rests().await, "it has not become any better");
    // Other settings make it another: it gets another chance.
    lab.write(
        "bot.toml",
        document("echo").replacen("name = \"traps\"", "name = \"traps\"\ngrants = { history_turns = 3 }", 1),
    );
    let applied = lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    assert!(!rests().await);
}
