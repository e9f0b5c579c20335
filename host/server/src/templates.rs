//! The message templates of the business's accounts: which there are at Meta, and which are not sent any more.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use santun_core::bot::Channel;
use santun_core::templates::{Stop, Stopped, TemplateName};
use santun_core::time::Timestamp;
use santun_store::StoreError;
use santun_whatsapp::graph::CallError;
use santun_whatsapp::templates::MessageTemplate;

use crate::host::Host;
use crate::live::Live;

/// How long it is remembered what an account has. Whatever does not fit by it is looked at anew.
const REMEMBERED: Duration = Duration::from_secs(300);

/// The templates that this process knows of.
#[derive(Default)]
pub struct Templates {
    /// As the store last told.
    stopped: ArcSwap<Stopped>,
    /// One reads them at a time, so that nobody puts an older state over a newer one.
    reading: tokio::sync::Mutex<()>,
    /// By account.
    lists: Mutex<HashMap<String, Listed>>,
}

/// What an account has, and when Meta said so.
struct Listed {
    at: Timestamp,
    templates: Arc<[MessageTemplate]>,
}

impl Templates {
    /// Those that are not sent any more.
    pub fn stopped(&self) -> Arc<Stopped> {
        self.stopped.load_full()
    }

    /// Meta has said that something of them has changed.
    pub fn forget_lists(&self) {
        self.lists.lock().clear();
    }
}

impl Host {
    /// Reads again which templates are not sent any more.
    pub async fn read_stopped_templates(&self) -> Result<(), StoreError> {
        let _alone = self.templates.reading.lock().await;
        let stopped = self.store.templates_stopped().await?;
        metrics::gauge!("santun_templates_stopped").set(stopped.iter().len() as f64);
        self.templates.stopped.store(Arc::new(stopped));
        Ok(())
    }

    /// A template is not sent any more, to anybody.
    pub async fn stop_template(&self, template: TemplateName, stop: Stop) -> Result<(), StoreError> {
        if self.store.template_stop(template.clone(), stop.clone()).await? {
            let TemplateName { account, name, language } = &template;
            tracing::error!(%account, template = %name, %language, code = stop.code, "a template is {stop}");
        }
        self.read_stopped_templates().await
    }

    /// A template is sent again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if it is not stopped.
    pub async fn release_template(&self, template: TemplateName) -> Result<(), StoreError> {
        self.store.template_release(template).await?;
        self.templates.forget_lists();
        self.read_stopped_templates().await
    }

    /// What a channel's account has, as Meta said a few minutes ago at most; `None` if that is not known.
    pub fn templates_remembered(&self, channel: &Channel) -> Option<Arc<[MessageTemplate]>> {
        let lists = self.templates.lists.lock();
        let listed = lists.get(channel.account())?;
        (self.world.now().since(listed.at) < REMEMBERED).then(|| listed.templates.clone())
    }

    /// What a channel's account has, as Meta says now.
    ///
    /// # Errors
    /// [`CallError`] if the Graph cannot be reached, or refuses.
    pub async fn templates_now(&self, live: &Live, channel: &Channel) -> Result<Arc<[MessageTemplate]>, CallError> {
        let at = self.world.now();
        let templates = self.graph.templates(&self.token(live, &channel.id), channel.account()).await?;
        let templates: Arc<[MessageTemplate]> = templates.into();
        let listed = Listed { at, templates: templates.clone() };
        self.templates.lists.lock().insert(channel.account().to_owned(), listed);
        Ok(templates)
    }
}
