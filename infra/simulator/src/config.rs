//! What the simulator is told at its start: the channel, and where its webhooks go.

use std::{io, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    ids::{mix, number_of},
    limits::Limits,
    login::Key,
    words,
};

/// How the simulator is started; the flags of the command line, and what tests fill in.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, env = "SIMULATOR_PORT", default_value_t = 0)]
    pub port: u16,
    /// Port on 127.0.0.1 for what LINE serves on api-data.line.me; 0 takes a free one.
    #[arg(long, env = "SIMULATOR_DATA_PORT", default_value_t = 0)]
    pub data_port: u16,
    /// Where webhooks are sent; may be set later by `PUT /simulator/config`.
    #[arg(long, env = "SIMULATOR_WEBHOOK")]
    pub webhook: Option<String>,
    /// Channel id, the `client_id` of token requests.
    #[arg(long, env = "SIMULATOR_CHANNEL_ID", default_value = "1")]
    pub channel_id: String,
    /// Channel secret: signs webhooks, and is the `client_secret` of token requests.
    #[arg(long, env = "SIMULATOR_CHANNEL_SECRET", default_value = "secret", hide_env_values = true)]
    pub channel_secret: String,
    /// User id of the account, the `destination` of webhooks; follows from the channel id when it is not given.
    #[arg(long, env = "SIMULATOR_BOT_USER_ID")]
    pub bot_user_id: Option<String>,
    /// The account's display name.
    #[arg(long, env = "SIMULATOR_ACCOUNT_NAME", default_value = words::ACCOUNT_NAME)]
    pub account_name: String,
    /// URL template of map tiles ({z}, {x}, {y}) for the phone page; without it the phone shows a plain grid.
    #[arg(long, env = "SIMULATOR_MAP_TILES")]
    pub map_tiles: Option<String>,
    /// A long-lived channel access token that is valid from the start.
    #[arg(long, env = "SIMULATOR_ACCESS_TOKEN", hide_env_values = true)]
    pub access_token: Option<String>,
    /// Take http URLs of 127.0.0.1 and localhost where LINE wants https, as a city on one machine needs it.
    #[arg(long, env = "SIMULATOR_ALLOW_LOCAL_HTTP")]
    pub allow_local_http: bool,
    /// The id of the town's LIFF app, such as `1234567890-AbcdEfgh`; with its endpoint may be set later, too.
    #[arg(long, env = "SIMULATOR_LIFF_ID")]
    pub liff_id: Option<String>,
    /// The LIFF app's endpoint URL: the page that its links open.
    #[arg(long, env = "SIMULATOR_LIFF_ENDPOINT")]
    pub liff_endpoint: Option<String>,
    /// A JSON file of limits that differ from LINE's, as `PUT /simulator/limits` takes them.
    #[arg(long, env = "SIMULATOR_LIMITS", value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Keep residents, chats, rich menus, contents, accepted retry keys, used quota and the key of ID tokens in this file between runs.
    #[arg(long, env = "SIMULATOR_SAVE", value_name = "FILE")]
    pub save: Option<PathBuf>,
}

impl Default for Options {
    /// Free ports, channel `1` with the secret `secret`, no webhook, nothing kept.
    fn default() -> Self {
        Self {
            port: 0,
            data_port: 0,
            webhook: None,
            channel_id: "1".to_owned(),
            channel_secret: "secret".to_owned(),
            bot_user_id: None,
            account_name: words::ACCOUNT_NAME.to_owned(),
            map_tiles: None,
            access_token: None,
            allow_local_http: false,
            liff_id: None,
            liff_endpoint: None,
            limits: None,
            save: None,
        }
    }
}

/// The configuration that outlives a reset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) webhook: Option<String>,
    pub(crate) channel_id: String,
    pub(crate) channel_secret: String,
    pub(crate) bot_user_id: String,
    pub(crate) account_name: String,
    pub(crate) map_tiles: Option<String>,
    pub(crate) access_token: Option<String>,
    pub(crate) allow_local_http: bool,
    pub(crate) liff_id: Option<String>,
    pub(crate) liff_endpoint: Option<String>,
    /// The key of ID tokens; there from the start on.
    pub(crate) login_key: Option<Key>,
    /// Where LINE's host for bytes answers; known once it does.
    pub(crate) line_data: Option<String>,
    /// What the limits are at the start, and after a reset.
    pub(crate) limits: Limits,
}

impl Config {
    /// The configuration that these options ask for; fails when the file of limits is wrong.
    pub(crate) fn read(options: &Options) -> io::Result<Self> {
        Ok(Self {
            limits: options.limits.as_deref().map_or_else(|| Ok(Limits::default()), Limits::read)?,
            webhook: options.webhook.clone(),
            bot_user_id: options.bot_user_id.clone().unwrap_or_else(|| bot_user_id(&options.channel_id)),
            channel_id: options.channel_id.clone(),
            channel_secret: options.channel_secret.clone(),
            account_name: options.account_name.clone(),
            map_tiles: options.map_tiles.clone(),
            access_token: options.access_token.clone(),
            allow_local_http: options.allow_local_http,
            liff_id: options.liff_id.clone(),
            liff_endpoint: options.liff_endpoint.clone(),
            login_key: None,
            line_data: None,
        })
    }
}

fn bot_user_id(channel_id: &str) -> String {
    let number = number_of(channel_id);
    format!("U{:016x}{:016x}", mix(number), mix(number ^ 1))
}

impl Config {
    /// Takes over the fields that are given; an unknown or ill-typed one is refused and nothing changes.
    pub(crate) fn update(&mut self, fields: &Value) -> Result<(), String> {
        let fields = fields.as_object().ok_or("an object is needed")?;
        let mut next = self.clone();
        for (name, value) in fields {
            let text = value.as_str().map(str::to_owned);
            let needed = || text.clone().ok_or(format!("{name} must be a string"));
            match name.as_str() {
                "webhook" if value.is_null() || value.is_string() => next.webhook = text,
                "mapTiles" if value.is_null() || value.is_string() => next.map_tiles = text,
                "liffId" if value.is_null() || value.is_string() => next.liff_id = text,
                "liffEndpoint" if value.is_null() || value.is_string() => next.liff_endpoint = text,
                "channelSecret" => next.channel_secret = needed()?,
                "channelId" => next.channel_id = needed()?,
                "botUserId" => next.bot_user_id = needed()?,
                "accountName" => next.account_name = needed()?,
                "allowLocalHttp" => {
                    next.allow_local_http = value.as_bool().ok_or("allowLocalHttp must be true or false")?;
                }
                _ => return Err(format!("unknown or ill-typed field {name}")),
            }
        }
        *self = next;
        Ok(())
    }

    /// The configuration without its secrets.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "webhook": self.webhook, "channelId": self.channel_id, "botUserId": self.bot_user_id,
            "accountName": self.account_name, "mapTiles": self.map_tiles, "allowLocalHttp": self.allow_local_http,
            "liffId": self.liff_id, "liffEndpoint": self.liff_endpoint, "lineData": self.line_data,
        })
    }
}
