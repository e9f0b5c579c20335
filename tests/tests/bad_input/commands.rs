//! Commands that cannot be followed.

use santun_tests::lab::{Lab, Plan, bot};

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
