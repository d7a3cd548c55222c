//! Starts and stops the server, in a program or inside a test.

use std::{io, net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, response::Redirect, routing::get};
use tokio::{net::TcpListener, signal, task::JoinHandle};

use crate::{
    Shared, admin,
    config::{Config, Options},
    gate, phone, save,
    world::{Platform, World},
};

/// How often a changed state is written to the file.
const SAVE_EVERY: Duration = Duration::from_secs(3);
/// Pictures come as base64 inside JSON.
const MAX_ADMIN_BODY: usize = 64 * 1024 * 1024;

/// A running simulator; it ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    url: String,
    platform: Shared,
    save: Option<PathBuf>,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator on 127.0.0.1.
    ///
    /// Fails when the port is taken or the saved file cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let mut world = World::new(Config::from(&options));
        if let Some(path) = &options.save {
            save::load(&mut world, path)?;
        }
        let platform: Shared = Arc::new(Platform::new(world).map_err(io::Error::other)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let app = router(Arc::clone(&platform));
        let mut tasks = vec![tokio::spawn(async move {
            // An error here means that the listener broke; whoever waits for an answer sees it.
            let _ = axum::serve(listener, app).await;
        })];
        if let Some(path) = options.save.clone() {
            tasks.push(tokio::spawn(save_often(Arc::clone(&platform), path)));
        }
        Ok(Self { url, platform, save: options.save, tasks })
    }

    /// The address, such as `http://127.0.0.1:8123`: the base URL of both of LINE's hosts, of `/simulator` and of `/phone/`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the simulator, and saves its state if it was told to.
    pub async fn stop(self) -> io::Result<()> {
        for task in &self.tasks {
            task.abort();
        }
        match &self.save {
            Some(path) => save::store(&self.platform, path).await,
            None => Ok(()),
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Runs a simulator until Ctrl-C or SIGTERM; `ready` gets its address.
pub async fn serve(options: Options, ready: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    // Before `ready`: whoever starts this program may end it at once.
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let simulator = Simulator::start(options).await?;
    ready(simulator.url())?;
    tokio::select! {
        interrupted = signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    simulator.stop().await
}

fn router(platform: Shared) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/phone/") }))
        .route("/phone", get(|| async { Redirect::temporary("/phone/") }))
        .route("/phone/", get(phone::index))
        .route("/phone/{*path}", get(phone::file))
        .merge(admin::router())
        .layer(DefaultBodyLimit::max(MAX_ADMIN_BODY))
        .fallback(gate::answer)
        .with_state(platform)
}

async fn save_often(platform: Shared, path: PathBuf) {
    let mut saved = platform.world().revision;
    loop {
        tokio::time::sleep(SAVE_EVERY).await;
        let revision = platform.world().revision;
        if revision != saved && save::store(&platform, &path).await.is_ok() {
            saved = revision;
        }
    }
}
