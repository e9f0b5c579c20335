//! What one customer has said, plugins say to no other.

use santun_tests::lab::{Lab, Plan, bot};

const SECRET: &str = "alamatku jalan melati 17";

/// In instances of their own for each message, and in one that stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_tells_all_it_can_tells_nobody_of_another() {
    for (instance, number) in [("fresh", 0), ("warm", 1)] {
        let source = "source = \"file:echo.wasm\"";
        let document = bot(0).replace(source, &format!("{source}\ninstance = \"{instance}\""));
        let lab = Lab::serving(Plan { bot: document, ..Plan::default() }).await;
        let rina = lab.phone.customer("Rina", &format!("62811580000{number}")).await;
        let dodi = lab.phone.customer("Dodi", &format!("62811580001{number}")).await;
        lab.phone.writes(&rina, &format!("{SECRET} #ingat.")).await;
        lab.phone.hears(&rina, "Gema A: alamatku").await;
        // Who asks the same plugin right afterwards, with nothing of their own, then with something, then again.
        lab.phone.writes(&dodi, "ayo #sebut.").await;
        lab.phone.hears(&dodi, "Ingatan: belum ada").await;
        lab.phone.writes(&dodi, "punyaku sendiri #ingat.").await;
        lab.phone.hears(&dodi, "Gema A: punyaku sendiri").await;
        lab.phone.writes(&dodi, "lagi ya #sebut.").await;
        lab.phone.hears(&dodi, "Ingatan: punyaku sendiri").await;
        lab.phone.writes(&dodi, "terus #ulang.").await;
        lab.phone.hears(&dodi, "Sebelumnya: ayo #sebut").await;
        // The plugin does tell: its own customer hears all of it.
        lab.phone.writes(&rina, "ayo #sebut.").await;
        lab.phone.hears(&rina, &format!("Ingatan: {SECRET}")).await;
        lab.phone.writes(&rina, "terus #ulang.").await;
        lab.phone.hears(&rina, &format!("Sebelumnya: {SECRET}")).await;
        for answer in lab.phone.answers(&dodi).await {
            assert!(!answer.0.to_string().contains("melati"), "{instance}: {answer:?}");
        }
        for answer in lab.phone.answers(&rina).await {
            assert!(!answer.0.to_string().contains("punyaku"), "{instance}: {answer:?}");
        }
    }
}
