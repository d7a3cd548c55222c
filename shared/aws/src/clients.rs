//! The AWS clients: one configuration for all, loaded once per process.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

pub use aws_config::SdkConfig;

/// Within AWS a connection stands in milliseconds, or something is wrong with that host.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// One attempt of a call; the slowest calls we make (a transaction, a batch of 25) take well under 0.1 s.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// A call with all its attempts; less than the shortest time-out of a function (`webhook`, 5 s).
pub const CALL_TIMEOUT: Duration = Duration::from_secs(4);
/// A call that sends a mail, with all its attempts; much less than a page may take.
pub const MAIL_TIMEOUT: Duration = Duration::from_secs(10);
/// One attempt to write or begin to read an object: a part of a broadcast's audience has half a megabyte, seldom two.
pub const OBJECT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(6);
/// The same with all its attempts; well within the time-outs of `planner` and `sender`.
pub const OBJECT_TIMEOUT: Duration = Duration::from_secs(14);
/// How often a call is attempted, the first time included.
pub const ATTEMPTS_MAX: u32 = 3;
/// The longest wait before the second attempt; it doubles for the third. The SDK's own second would eat LINE's patience of two.
pub const BACKOFF: Duration = Duration::from_millis(100);

/// Makes clients. A client costs nothing to copy, but its first use opens a connection: make those that are needed.
#[derive(Debug, Clone)]
pub struct Clients {
    config: SdkConfig,
}

impl Clients {
    /// Configured as the environment says: region, credentials and, in the local city, the endpoint.
    pub async fn load() -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX).with_initial_backoff(BACKOFF);
        let config =
            aws_config::defaults(BehaviorVersion::v2026_01_12()).timeout_config(timeouts).retry_config(retries);
        Self::new(config.load().await)
    }

    /// Configured otherwise, for tests and tools.
    #[must_use]
    pub fn new(config: SdkConfig) -> Self {
        Self { config }
    }

    /// The same, but at this endpoint, whatever the environment says.
    #[must_use]
    pub fn at(self, endpoint_url: &str) -> Self {
        Self { config: self.config.into_builder().endpoint_url(endpoint_url).build() }
    }

    /// Patient: the service answers only when it has handed over the mail that it sends.
    pub(crate) fn user_pools(&self) -> aws_sdk_cognitoidentityprovider::Client {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(MAIL_TIMEOUT)
            .operation_timeout(MAIL_TIMEOUT)
            .build();
        let config = aws_sdk_cognitoidentityprovider::config::Builder::from(&self.config).timeout_config(timeouts);
        aws_sdk_cognitoidentityprovider::Client::from_conf(config.build())
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// With time for objects of a few megabytes. An emulator has no name of its own for each bucket.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(OBJECT_ATTEMPT_TIMEOUT)
            .operation_timeout(OBJECT_TIMEOUT)
            .build();
        let config = aws_sdk_s3::config::Builder::from(&self.config).timeout_config(timeouts);
        let config = config.force_path_style(self.config.endpoint_url().is_some());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub(crate) fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }

    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }
}
