//! What `town channel` says, in plain Japanese: what is well, what is missing, and where to set it.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use super::{Finding, Standing};

/// A line for each finding, then whether something is missing.
pub(super) fn print(findings: &[Finding]) {
    for finding in findings {
        println!("{} {}", mark(finding.standing()), say(finding));
    }
    match findings.iter().filter(|finding| finding.standing() == Standing::Missing).count() {
        0 => println!("足りないものはありません。［確認］のところは、目で確かめてください。"),
        missing => println!("足りないものが{missing}件あります。直してから、もう一度実行してください。"),
    }
}

fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Well => "［よし］",
        Standing::Missing => "［不足］",
        Standing::Unknown => "［確認］",
    }
}

/// What was found, and what to do about it.
pub(super) fn say(finding: &Finding) -> String {
    match finding {
        Finding::SecretUnusable(why) => format!(
            "シークレットを使えません。LINE Developers コンソールの「チャネル基本設定」にあるチャネルIDとチャネルシークレットを、シークレットに入れてください（理由：{why}）。"
        ),
        Finding::Refused(status) => format!(
            "LINEが、シークレットにあるチャネルIDとチャネルシークレットを受け付けません（{status}）。LINE Developers コンソールの「チャネル基本設定」と同じか、確かめてください。"
        ),
        Finding::Account { name, basic_id } => format!("アカウント「{name}」（{basic_id}）につながります。"),
        Finding::ChatIsOff => "「チャット」はオフです。".to_owned(),
        Finding::ChatIsOn => {
            "「チャット」がオンです。LINE Official Account Manager の「応答設定」で、オフにしてください。".to_owned()
        }
        Finding::WebhookUnset => webhook_to_set("Webhook URLが設定されていません。"),
        Finding::WebhookElsewhere(url) => webhook_to_set(&format!("Webhook URLが、別のアドレスになっています（{url}）。")),
        Finding::WebhookHere => "Webhook URLは、このシステムのアドレスです。".to_owned(),
        Finding::WebhookMended => "Webhook URLを、このシステムのアドレスに変えました。".to_owned(),
        Finding::WebhookOff => {
            "「Webhookの利用」がオフです。LINE Developers コンソールの「Messaging API設定」で、オンにしてください。".to_owned()
        }
        Finding::Tested => "LINEからの検証に、Webhookが答えました。".to_owned(),
        Finding::TestFailed { status, reason, detail } => failed(*status, reason, detail),
        // No field of the API: https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery
        Finding::Redelivery => {
            "「Webhookの再送」は、ここからは調べられません。LINE Developers コンソールの「Messaging API設定」で、オンになっているか見てください。".to_owned()
        }
        // Nor are these: https://developers.line.biz/en/reference/messaging-api/#get-bot-info
        Finding::OwnAnswers => {
            "「あいさつメッセージ」と「応答メッセージ」は、ここからは調べられません。LINE Official Account Manager の「応答設定」で、どちらもオフになっているか見てください。".to_owned()
        }
        Finding::MenuUnwanted => "まちのデータに、リッチメニューの設定（rich-menu.yaml）はありません。".to_owned(),
        Finding::MenuThere(tabs) => format!("リッチメニューは{tabs}枚とも、まちのデータのとおりです。"),
        Finding::MenuMissing(tabs) => format!(
            "リッチメニューの{}が、LINEにないか、まちのデータと違います。town menu で入れてください。",
            tabs.iter().fold(String::new(), |all, tab| all + "「" + tab + "」")
        ),
        Finding::MenuNotFirst => {
            "はじめに開くリッチメニューが、まちのデータの1枚目ではありません。town menu で入れてください。".to_owned()
        }
        Finding::Quota { limit: None, used } => format!("今月の送信数は{used}通で、上限はありません。"),
        Finding::Quota { limit: Some(limit), used } if limit <= used => format!(
            "今月の送信数（{used}通）が、上限（{limit}通）に達しています。LINE Official Account Manager の「利用と請求」で、プランか追加メッセージを見なおしてください。"
        ),
        Finding::Quota { limit: Some(limit), used } => {
            format!("今月の送信数は{used}通で、上限は{limit}通です（残り{}通）。", limit - used)
        }
    }
}

fn webhook_to_set(what: &str) -> String {
    format!(
        "{what}LINE Developers コンソールの「Messaging API設定」で直すか、--mend を付けてもう一度実行してください。"
    )
}

fn failed(status: i32, reason: &str, detail: &str) -> String {
    // As `webhook` answers: 401 to a wrong signature, 503 without a usable secret or queue.
    let help = match status {
        401 => "チャネルシークレットが違います。シークレットの値を確かめてください。",
        503 => "シークレットがまだ入っていないか、AWSに障害があります。Webhook のログを見てください。",
        _ if status <= 0 => {
            "アドレスにつながりません。コマンドに書いたアドレスが、デプロイの結果の WebhookUrl と同じか、確かめてください。"
        }
        _ => "Webhook のログを見てください。",
    };
    format!("LINEからの検証に、Webhookが正しく答えませんでした（{status}、{reason}、{detail}）。{help}")
}
