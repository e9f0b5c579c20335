use santun_store::{MasterKey, MasterKeyError, OpenError, Store, StoreError, StoreSettings};

use crate::support::*;

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let world = world();
    let store = Store::open(settings(folder.path()), world.clone()).await.unwrap();
    let home = Home { store, world: world.clone(), folder };
    for nth in 0..50 {
        home.hears(&format!("62811{nth}"), "Halo").await;
    }
    // Nothing was closed: the files are as a kill leaves them.
    for file in std::fs::read_dir(home.folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let store = Store::open(settings(copy.path()), world.clone()).await.unwrap();
    assert_eq!(store.pending_conversations().await.unwrap().len(), 50);
    let after = Home { store, world, folder: copy };
    for nth in 0..50 {
        let asked = after.hears(&format!("62811{nth}"), "Masih saya").await;
        let (_, loaded) = after.leased(asked.conversation).await;
        assert_eq!(loaded.undecided.len(), 2, "number {nth}");
    }
}

#[tokio::test]
async fn closing_finishes_what_was_taken_and_refuses_the_rest() {
    let home = Home::new().await;
    let mut callers = tokio::task::JoinSet::new();
    for nth in 0..100 {
        let (store, at) = (home.store.clone(), home.world.now());
        callers.spawn(async move { store.ingest(vec![arrival("628111", &format!("w{nth}"), "x")], at).await });
    }
    tokio::task::yield_now().await;
    home.store.close().await;
    assert!(!home.store.is_open());
    let results = callers.join_all().await;
    let kept = results.iter().filter(|result| result.is_ok()).count();
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::Closed))), "{results:?}");
    let store = Store::open(settings(home.folder.path()), home.world.clone()).await.unwrap();
    let conversation = store.pending_conversations().await.unwrap();
    let found = match conversation.first() {
        Some(pending) => store.history(pending.conversation, 1000, None).await.unwrap().len(),
        None => 0,
    };
    assert_eq!(found, kept);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_with_the_reason() {
    let home = Home::new().await;
    home.store.close().await;
    for (file, names) in [("santun.db", "santun.db"), ("keys.db", "keys.db")] {
        let path = home.folder.path().join(file);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     VALUES (9999, 'from the future', 1, x'00', 0)";
        sqlx::query(newer).execute(&pool).await.unwrap();
        let refused = Store::open(settings(home.folder.path()), home.world.clone()).await.err();
        assert!(
            matches!(&refused, Some(OpenError::Newer { path, version: 9999 }) if path.ends_with(names)),
            "{refused:?}"
        );
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9999").execute(&pool).await.unwrap();
        pool.close().await;
    }
}

#[tokio::test]
async fn another_master_key_is_refused() {
    let home = Home::new().await;
    home.store.close().await;
    let other = StoreSettings { master_key: MasterKey::from_bytes([8; 32]), ..settings(home.folder.path()) };
    let refused = Store::open(other, home.world.clone()).await.err();
    assert!(matches!(refused, Some(OpenError::OtherMasterKey { .. })), "{refused:?}");
}

#[test]
fn a_master_key_is_made_once_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    MasterKey::load_or_create(&path, &*world()).unwrap();
    let made = std::fs::read(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    MasterKey::load_or_create(&path, &*world()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), made);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(MasterKey::load_or_create(&path, &*world()), Err(MasterKeyError::Exposed { .. })));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(MasterKey::load_or_create(&path, &*world()), Err(MasterKeyError::Content { .. })));
}
