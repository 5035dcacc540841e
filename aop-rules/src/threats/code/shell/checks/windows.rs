//! What PowerShell and the command prompt have of their own (LOLBAS, MITRE ATT&CK T1059.001, T1218, T1490).

use super::{At, Scene};
use crate::threats::code::shell::script::Call;

pub(super) fn check(at: At<'_>) -> bool {
    let call = at.call();
    if call.words.is_empty() {
        return false;
    }
    is_encoded(call) || fetches_and_runs(at) || by_system_tool(call) || weakens(call) || stays(call)
}

/// `powershell -enc SQBFAFgA…`
fn is_encoded(call: &Call<'_>) -> bool {
    let is_option = |text: &str| {
        let text = text.trim_start_matches(['-', '/']).to_ascii_lowercase();
        matches!(&*text, "e" | "ec" | "en" | "enc") || text.len() > 3 && "encodedcommand".starts_with(&text)
    };
    let is_base64 = |text: &str| {
        text.len() >= 8
            && text.len().is_multiple_of(4)
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    call.words
        .iter()
        .any(|word| matches!(&*word.text.to_ascii_lowercase(), "powershell" | "pwsh" | "powershell.exe" | "pwsh.exe"))
        && call
            .args()
            .windows(2)
            .any(|pair| pair[0].text.starts_with(['-', '/']) && is_option(&pair[0].text) && is_base64(&pair[1].text))
}

/// `iex (New-Object Net.WebClient).DownloadString(…)`, or a socket whose lines are run.
fn fetches_and_runs(at: At<'_>) -> bool {
    let call = at.call();
    let runs = |call: &Call<'_>| {
        call.words.iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            matches!(&*text, "iex" | "invoke-expression" | "&iex") || text.ends_with("(iex") || text.contains("iex(")
        })
    };
    let gets = |call: &Call<'_>| {
        call.words.iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            [
                "downloadstring",
                "downloaddata",
                "downloadfile",
                "openread",
                "getstream",
                "frombase64string",
                "invoke-webrequest",
                "invoke-restmethod",
            ]
            .iter()
            .any(|name| text.contains(name))
                || matches!(&*text, "iwr" | "irm")
        })
    };
    let is_socket = call.words.iter().any(|word| word.text.to_ascii_lowercase().contains("net.sockets.tcpclient"));
    is_socket && any(at.scene, gets) || runs(call) && any(at.scene, gets)
}

fn any(scene: &Scene<'_>, is: impl Fn(&Call<'_>) -> bool) -> bool {
    scene.calls.iter().take(64).any(is)
}

/// A program of the system that fetches, or runs what is fetched.
fn by_system_tool(call: &Call<'_>) -> bool {
    let has = |parts: &[&str]| {
        call.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            parts.iter().any(|part| text.contains(part))
        })
    };
    match &*call.name {
        "certutil" => has(&["urlcache", "verifyctl"]),
        "mshta" => has(&["http:", "https:", "javascript:", "vbscript:"]),
        "regsvr32" => has(&["/i:http", "scrobj"]),
        "rundll32" => has(&["javascript:", "http:", "https:", "comsvcs"]),
        "bitsadmin" => has(&["/transfer", "/addfile"]),
        "msiexec" => has(&["http:", "https:"]),
        "wmic" => has(&["create"]) && has(&["process"]),
        "cmstp" | "installutil" => has(&["http", "\\temp", ".inf"]),
        "procdump" => has(&["lsass"]),
        "mimikatz" => true,
        _ => false,
    }
}

/// Guards and copies of what was.
fn weakens(call: &Call<'_>) -> bool {
    let words: Vec<String> = call.args().iter().take(16).map(|word| word.text.to_ascii_lowercase()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&&**word));
    match &*call.name {
        "set-mppreference" => words.iter().any(|word| word.starts_with("-disable")),
        "add-mppreference" => words.iter().any(|word| word.starts_with("-exclusion")),
        "netsh" => (has(&["advfirewall"]) && has(&["off"])) || (has(&["firewall"]) && has(&["disable"])),
        "wevtutil" => has(&["cl", "clear-log"]),
        "clear-eventlog" | "remove-eventlog" => true,
        "vssadmin" => has(&["delete"]) && has(&["shadows"]),
        "wbadmin" => has(&["delete"]),
        "wmic" => has(&["shadowcopy"]) && has(&["delete"]),
        "bcdedit" => has(&["/set"]) && (has(&["recoveryenabled"]) || has(&["bootstatuspolicy"])),
        "auditpol" => has(&["/clear"]),
        "reg" => {
            has(&["add"])
                && words.iter().any(|word| word.contains("windows defender") || word.contains("disableantispyware"))
        }
        _ => false,
    }
}

/// Accounts and what runs at the next start.
fn stays(call: &Call<'_>) -> bool {
    let words: Vec<String> = call.args().iter().take(24).map(|word| word.text.to_ascii_lowercase()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&&**word));
    match &*call.name {
        "net" | "net1" => has(&["user", "localgroup"]) && has(&["/add"]),
        "reg" => {
            let is_start = |word: &String| {
                let word = word.replace('\\', "");
                word.contains("currentversionrun") || word.contains("winlogon") || word.contains("image file execution")
            };
            has(&["add"]) && words.iter().any(is_start)
                || has(&["save"])
                    && words.iter().any(|word| matches!(&*word.replace('\\', ""), "hklmsam" | "hklmsystem" | "hklmsecurity"))
        }
        "schtasks" => {
            let suspicious = |word: &String| {
                ["powershell", "cmd /c", "http:", "https:", "\\temp", "userspublic", "users\\public", "mshta", "appdata"]
                    .iter()
                    .any(|part| word.contains(part))
            };
            has(&["/create"]) && words.iter().any(suspicious)
        }
        "sc" => {
            has(&["create"])
                && words.iter().any(|word| word.contains("cmd") || word.contains("powershell") || word.contains("temp"))
        }
        _ => false,
    }
}
