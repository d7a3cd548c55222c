//! Requests as an HTTP API hands them to the function.

use serde_json::{Value, json};

/// A browser asks for a page.
pub(crate) fn get(path: &str, cookie: Option<&str>) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let domain = "abcdefghij.execute-api.ap-northeast-1.amazonaws.com";
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
        "headers": {
            "accept": "text/html", "accept-language": "ja", "host": domain, "sec-fetch-site": "same-origin",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        },
        "cookies": cookie.into_iter().collect::<Vec<_>>(),
        "requestContext": {
            "accountId": "anonymous", "apiId": "abcdefghij", "domainName": domain, "domainPrefix": "abcdefghij",
            "requestId": "8f6d6a3e-0000-4000-8000-000000000002", "routeKey": "$default", "stage": "$default",
            "time": "01/Apr/2026:00:00:00 +0000", "timeEpoch": 1_775_001_600_000_u64,
            "http": { "method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9", "userAgent": "Mozilla/5.0" },
        },
        "isBase64Encoded": false,
    })
}
