//! Starts and stops the server, in a program or inside a test.

use std::{
    io,
    net::Ipv4Addr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, extract::DefaultBodyLimit, response::Redirect, routing::get};
use tokio::{net::TcpListener, signal, task::JoinHandle};

use crate::{
    Shared, admin,
    config::{Config, Options},
    gate, liff, login, phone, save,
    world::{Platform, World},
};

/// How often a changed state is written to the file at most.
const SAVE_EVERY: Duration = Duration::from_secs(3);
/// After a save there is quiet for so many times as long as it took: millions of residents must not keep the platform busy.
const SAVE_QUIET: u32 = 20;
/// Pictures come as base64 inside JSON.
const MAX_ADMIN_BODY: usize = 64 * 1024 * 1024;

/// A running simulator; it ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    url: String,
    data_url: String,
    platform: Shared,
    save: Option<PathBuf>,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator on 127.0.0.1.
    ///
    /// Fails when the port is taken or the saved file cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let mut world = World::new(Config::read(&options)?);
        if let Some(path) = &options.save {
            save::load(&mut world, path)?;
        }
        if world.config.login_key.is_none() {
            world.config.login_key = Some(login::Key::generate()?);
        }
        let (listener, url) = listen(options.port).await?;
        let (data_listener, data_url) = listen(options.data_port).await?;
        world.config.line_data = Some(data_url.clone());
        let platform: Shared = Arc::new(Platform::new(world).map_err(io::Error::other)?);
        let mut tasks = vec![
            answer_on(listener, router(Arc::clone(&platform))),
            answer_on(data_listener, data_router(Arc::clone(&platform))),
        ];
        if let Some(path) = options.save.clone() {
            tasks.push(tokio::spawn(save_often(Arc::clone(&platform), path)));
        }
        Ok(Self { url, data_url, platform, save: options.save, tasks })
    }

    /// The address, such as `http://127.0.0.1:8123`: what `https://api.line.me` is to LINE's clients, and the base URL of
    /// `/simulator` and of `/phone/`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that is to LINE's clients what `https://api-data.line.me` is.
    #[must_use]
    pub fn data_url(&self) -> &str {
        &self.data_url
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

/// Runs a simulator until Ctrl-C or SIGTERM; `ready` gets it once it answers.
pub async fn serve(options: Options, ready: impl FnOnce(&Simulator) -> io::Result<()>) -> io::Result<()> {
    // Before `ready`: whoever starts this program may end it at once.
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let simulator = Simulator::start(options).await?;
    ready(&simulator)?;
    tokio::select! {
        interrupted = signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    simulator.stop().await
}

async fn listen(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

fn answer_on(listener: TcpListener, app: Router) -> JoinHandle<()> {
    tokio::spawn(async move {
        // An error here means that the listener broke; whoever waits for an answer sees it.
        let _ = axum::serve(listener, app).await;
    })
}

/// LINE's host for bytes, and nothing else.
fn data_router(platform: Shared) -> Router {
    Router::new().fallback(gate::answer_data).with_state(platform)
}

fn router(platform: Shared) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/phone/") }))
        .route("/phone", get(|| async { Redirect::temporary("/phone/") }))
        .route("/phone/", get(phone::index))
        .route("/phone/{*path}", get(phone::file))
        .merge(admin::router())
        .merge(liff::router())
        .layer(DefaultBodyLimit::max(MAX_ADMIN_BODY))
        .fallback(gate::answer_api)
        .with_state(platform)
}

async fn save_often(platform: Shared, path: PathBuf) {
    let mut saved = platform.world().revision;
    let mut pause = SAVE_EVERY;
    loop {
        tokio::time::sleep(pause).await;
        let (revision, began) = (platform.world().revision, Instant::now());
        if revision != saved && save::store(&platform, &path).await.is_ok() {
            saved = revision;
        }
        pause = SAVE_EVERY.max(began.elapsed() * SAVE_QUIET);
    }
}
