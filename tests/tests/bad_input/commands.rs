//! Commands that cannot be followed.

use santun_tests::lab::{Lab, Plan, bot};
use santun_tests::shipped;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_say_what_is_wrong_where_and_what_to_do() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let said = async |arguments: &[&str], code: i32, words: &[&str]| {
        let said = lab.santun(arguments).await;
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        for word in words {
            assert!(said.err.contains(word), "{arguments:?} says {word:?}: {said:?}");
        }
    };
    said(&["aply"], 2, &["apply"]).await;
    said(&["plugin", "install", "plugins/dist/echo.wasm"], 3, &["santun serve"]).await;
    said(&["plugin", "inspect", "no-such.wasm"], 1, &["no-such.wasm"]).await;
    said(&["--config", "elsewhere.toml", "serve"], 1, &["elsewhere.toml", "--config"]).await;
    said(&["apply", "no-such.toml"], 1, &["no-such.toml"]).await;
    said(&["apply", "--check"], 0, &[]).await;
    said(&["conversation", "show", "no-id"], 1, &[]).await;

    let right = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("it is there");
    lab.write("wrong.toml", right.replace("metrics_listen", "metric_listen"));
    said(&["--config", "wrong.toml", "apply"], 1, &["wrong.toml", "metric_listen", "`metrics_listen`"]).await;
    lab.write("wrong.toml", right.replace("env:LAB_APP_SECRET", "plain-secret"));
    said(&["--config", "wrong.toml", "serve"], 1, &["by reference"]).await;
    lab.write("wrong.toml", right.replace("LAB_APP_SECRET", "LAB_NOT_SET"));
    said(&["--config", "wrong.toml", "serve"], 1, &["app_secret", "LAB_NOT_SET"]).await;

    let right = bot(0);
    for (from, to, words) in [
        ("settle_ms", "setle_ms", &["setle_ms", "settle_ms"][..]),
        ("chain = [\"echo\"]", "chain = [\"ekho\"]", &["ekho"][..]),
        ("file:echo.wasm", "file:missing.wasm", &["missing.wasm"][..]),
        ("language = \"id\"", "language = \"nl\"", &["language"][..]),
        ("[bot]", "[bot", &["wrong-bot.toml"][..]),
    ] {
        lab.write("wrong-bot.toml", right.replace(from, to));
        said(&["apply", "wrong-bot.toml"], 1, words).await;
    }

    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    let taken = lab.santun(&["serve"]).await;
    assert_eq!(taken.code, 1, "{taken:?}");
    assert!(taken.err.contains(&lab.listen.to_string()) && taken.err.contains("server.listen"), "{taken:?}");
    let again = lab.santun(&["apply"]).await;
    assert!(again.code == 0 && again.out.contains("changes nothing"), "{again:?}");
    lab.ready().await;
}

/// A bot with plugins that ship and this configuration of theirs.
fn shop(config: &str) -> String {
    let document = bot(0).replace("chain = [\"echo\"]", "chain = [\"faq\", \"menu\", \"escalation\"]");
    let [before, after] = ["[[plugin]]", "[[division]]"].map(|part| document.find(part).expect("a part"));
    let (before, after) = (&document[..before], &document[after..]);
    format!("{before}{config}\n[[division]]\nname = \"keuangan\"\n{after}")
}

const FAQ: &str = "key,question,answer\n\
    cod,Bisa COD?,Bisa kak.\n\
    buka,Buka jam berapa?|jam buka,\"Kami buka tiap hari, jam 9 sampai jam 5 sore.\"\n\
    balas,Kapan dibalas?,Admin kami segera membalas kak.\n\
    siapa,Ini siapa?,Saya manusia asli kok kak\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_customers_would_find_out_is_said_at_apply() {
    let lab = Lab::at_rest(Plan { bot: shop(PLUGINS), ..Plan::default() }).await;
    for plugin in ["faq", "menu", "escalation"] {
        let file = format!("{plugin}.wasm");
        lab.write(&format!("plugins/dist/{file}"), std::fs::read(shipped().join(&file)).expect("`make plugins`"));
    }
    lab.write("faq.csv", FAQ);
    let right = lab.santun(&["apply"]).await;
    assert_eq!(right.code, 0, "{right:?}");
    let remarks: Vec<&str> = right.out.lines().filter(|line| line.starts_with("! ")).collect();
    for (place, words) in [
        ("plugin `faq`, faq.csv line 3:", "`{office.hours}` (rule promises)"),
        ("plugin `faq`, faq.csv line 4:", "promises that a human comes"),
        ("plugin `faq`, faq.csv line 5:", "say that a bot is speaking (rule disclosure)"),
        ("plugin `menu`, config.greeting:", "promises that a human comes"),
    ] {
        let told = remarks.iter().any(|remark| remark.contains(place) && remark.contains(words));
        assert!(told, "{place} {words}: {remarks:#?}");
    }
    assert_eq!(remarks.len(), 4, "{remarks:#?}");

    for (from, to, words) in [
        ("money = \"keuangan\"", "money = \"keuanagn\"", ["plugin `escalation`", "config.divisions.money"]),
        ("division = \"keuangan\"", "division = \"keuanagn\"", ["plugin `menu`", "config.items[0].division"]),
    ] {
        lab.write("wrong.toml", shop(&PLUGINS.replace(from, to)));
        let refused = lab.santun(&["apply", "wrong.toml"]).await;
        assert_eq!(refused.code, 1, "{refused:?}");
        for word in [words[0], words[1], "no division `keuanagn`", "did you mean `keuangan`?"] {
            assert!(refused.err.contains(word), "{word}: {refused:?}");
        }
    }
}

const PLUGINS: &str = r#"
[[plugin]]
name = "faq"
source = "file:faq.wasm"
config = { entries = "file:faq.csv" }
[[plugin]]
name = "menu"
source = "file:menu.wasm"
[plugin.config]
greeting = "Halo, ini {bot} dari {business}. Admin kami segera membalas kak."
[[plugin.config.items]]
id = "retur"
title = "Retur"
division = "keuangan"
steps = [{ attribute = "order", question = "Nomor pesanannya berapa, kak?" }]
[[plugin]]
name = "escalation"
source = "file:escalation.wasm"
config = { divisions = { money = "keuangan" } }
"#;
