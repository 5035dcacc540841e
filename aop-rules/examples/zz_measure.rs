use aop_rules::scan::*;
use aop_toon::*;
use std::collections::BTreeMap;
use std::io::BufRead;
fn lines(p: &str) -> Vec<serde_json::Value> {
    std::io::BufReader::new(std::fs::File::open(p).unwrap())
        .lines()
        .map(|l| serde_json::from_str(&l.unwrap()).unwrap())
        .collect()
}
fn mine(r: &str) -> bool {
    r == "generic-api-key"
        || r.starts_with("curl-")
        || r.starts_with("hashicorp")
        || r.starts_with("heroku")
        || r.starts_with("hub")
        || r.starts_with("hugging")
        || r >= "i"
}
fn main() {
    let what = std::env::args().nth(1).unwrap_or("secrets".into());
    let verbose = std::env::args().nth(2).is_some();
    let d = Detectors::new(&DetectorSettings { pii: None, threats: None, ..DetectorSettings::default() }).unwrap();
    let mut s = Scratch::default();
    let base = "/work/shared/corpora/pii/";
    match what.as_str() {
        "secrets" => {
            let mut per: BTreeMap<String, [usize; 4]> = BTreeMap::new();
            let mut fps = 0;
            let mut fpn = 0;
            let mut fpany = 0;
            let mut dt = std::time::Duration::ZERO;
            let mut by = 0;
            for r in lines(&format!("{base}secret_cases.jsonl")) {
                let rule = r["rule"].as_str().unwrap();
                let text = r["text"].as_str().unwrap();
                let mut h = vec![];
                let t = std::time::Instant::now();
                d.scan_text(text, Provenance::Tool, &mut s, &mut h);
                dt += t.elapsed();
                by += text.len();
                let id = format!("secrets/{rule}");
                if r["kind"] == "tp" {
                    if text.is_empty() {
                        continue;
                    }
                    let (a, b) = (r["start_byte"].as_u64().unwrap() as u32, r["end_byte"].as_u64().unwrap() as u32);
                    let e = per.entry(rule.into()).or_default();
                    e[0] += 1;
                    let exact = h.iter().any(|x| x.rule.id == id && x.span == (a..b));
                    let over = h.iter().any(|x| x.rule.id == id && x.span.start < b && a < x.span.end);
                    let any = h.iter().any(|x| x.span.start < b && a < x.span.end);
                    if exact {
                        e[1] += 1
                    }
                    if over {
                        e[2] += 1
                    }
                    if any {
                        e[3] += 1
                    }
                    if verbose && !exact {
                        println!(
                            "TP {rule} over={over} {:?} want {:?} got {:?}",
                            &text.chars().take(160).collect::<String>(),
                            r["value"].as_str().unwrap().chars().take(80).collect::<String>(),
                            h.iter()
                                .map(|x| (x.rule.id, &text[x.span.start as usize..x.span.end as usize]))
                                .collect::<Vec<_>>()
                        )
                    }
                } else {
                    fpn += 1;
                    let same = h.iter().any(|x| x.rule.id == id);
                    if same {
                        fps += 1
                    }
                    if !h.is_empty() {
                        fpany += 1
                    }
                    if !h.is_empty() {
                        println!(
                            "FP same={same} {rule} {:?} got {:?}",
                            text.chars().take(200).collect::<String>(),
                            h.iter()
                                .map(|x| (x.rule.id, &text[x.span.start as usize..x.span.end as usize]))
                                .collect::<Vec<_>>()
                        )
                    }
                }
            }
            let n = per.len() as f64;
            let (mut a, mut b, mut c) = (0., 0., 0.);
            for (k, v) in &per {
                let t = v[0] as f64;
                a += v[1] as f64 / t;
                b += v[2] as f64 / t;
                c += v[3] as f64 / t;
                if v[2] < v[0] || v[1] < v[0] {
                    println!("{k}: n {} exact {} overlap {} any {}", v[0], v[1], v[2], v[3])
                }
            }
            println!(
                "rules {n} exact {:.4} overlap {:.4} any {:.4}; fp {fps}/{fpn} any {fpany}; {:?} for {by} bytes",
                a / n,
                b / n,
                c / n,
                dt
            );
        }
        "neg" => {
            let mut c = 0;
            for f in ["hard_negatives.jsonl"] {
                for r in lines(&format!("{base}{f}")) {
                    let text = r["text"].as_str().unwrap();
                    let mut h = vec![];
                    d.scan_text(text, Provenance::Tool, &mut s, &mut h);
                    let q = serde_json::json!({"note":text}).to_string();
                    let doc = Document::parse(q.as_bytes(), &Limits::default()).unwrap();
                    let mut h2 = vec![];
                    d.scan_json(&doc, Provenance::Tool, &mut s, &mut h2);
                    if !h.is_empty() || !h2.is_empty() {
                        c += 1;
                        println!("{text:?} {:?}", h.iter().chain(&h2).map(|x| x.rule.id).collect::<Vec<_>>())
                    }
                }
            }
            println!("neg with findings {c}");
        }
        "keyed" => {
            let mut bad = 0;
            for r in lines(&format!("{base}keyed_cases.jsonl")) {
                let q = r["json"].to_string();
                let doc = Document::parse(q.as_bytes(), &Limits::default()).unwrap();
                let mut h = vec![];
                d.scan_json(&doc, Provenance::Tool, &mut s, &mut h);
                let got: Vec<String> = h.iter().map(|x| doc.value(x.node.unwrap()).pointer().to_string()).collect();
                let want: Vec<String> = r["expected"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|e| e[1] == "SECRET")
                    .map(|e| e[0].as_str().unwrap().to_string())
                    .collect();
                if got != want {
                    bad += 1;
                    println!("{q} want {want:?} got {got:?} {:?}", h.iter().map(|x| x.rule.id).collect::<Vec<_>>())
                }
            }
            println!("keyed wrong {bad}");
        }
        "trace" => {
            let mut n = 0;
            let mut seen = std::collections::HashSet::new();
            let mut files = vec![
                std::path::PathBuf::from(format!("{base}trace_corpus.jsonl")),
                std::path::PathBuf::from(format!("{base}synth_dataset.jsonl")),
                std::path::PathBuf::from(format!("{base}presidio_cases.jsonl")),
            ];
            let mut stack = vec![std::path::PathBuf::from("/work/shared/corpora/traces")];
            while let Some(p) = stack.pop() {
                if p.is_dir() {
                    for e in std::fs::read_dir(&p).unwrap() {
                        stack.push(e.unwrap().path())
                    }
                } else {
                    files.push(p)
                }
            }
            let mut bytes = 0;
            let mut dt = std::time::Duration::ZERO;
            for f in files {
                let text = std::fs::read_to_string(&f).unwrap_or_default();
                let docs: Vec<&str> =
                    if f.extension().is_some_and(|e| e == "jsonl") { text.lines().collect() } else { vec![&text] };
                for line in docs {
                    bytes += line.len();
                    let t = std::time::Instant::now();
                    let mut h = vec![];
                    if let Ok(doc) = Document::parse(line.as_bytes(), &Limits { bytes: usize::MAX, ..Limits::default() }) {
                        d.scan_json(&doc, Provenance::Tool, &mut s, &mut h);
                        dt += t.elapsed();
                        for x in &h {
                            n += 1;
                            let v = doc.value(x.node.unwrap());
                            let st = v.as_str().unwrap_or_default().into_owned();
                            let (a, b) = (x.span.start as usize, x.span.end as usize);
                            let ctx = if x.inner.is_none() && !x.at_key {
                                st.get(
                                    st.floor_char_boundary(a.saturating_sub(40))
                                        ..st.ceil_char_boundary((b + 20).min(st.len())),
                                )
                                .unwrap_or("")
                                .to_string()
                            } else {
                                format!("inner {}", st.chars().take(100).collect::<String>())
                            };
                            if seen.insert((x.rule.id, ctx.clone())) {
                                println!(
                                    "{} {} {} {:?} {:?}",
                                    f.file_name().unwrap().to_string_lossy(),
                                    x.rule.id,
                                    v.pointer(),
                                    st.get(a..b),
                                    ctx
                                )
                            }
                        }
                    } else {
                        d.scan_text(line, Provenance::Tool, &mut s, &mut h);
                        dt += t.elapsed();
                        for x in &h {
                            n += 1;
                            println!(
                                "{} TEXT {} {:?}",
                                f.display(),
                                x.rule.id,
                                &line[x.span.start as usize..x.span.end as usize]
                            );
                        }
                    }
                }
            }
            println!("findings {n} in {bytes} bytes, {dt:?}");
        }
        "dir" => {
            let mut stack = vec![std::path::PathBuf::from(std::env::args().nth(2).unwrap())];
            let (mut n, mut by, mut nf) = (0, 0, 0);
            while let Some(p) = stack.pop() {
                if p.is_dir() {
                    if p.file_name().is_some_and(|x| x == ".git" || x == "target") {
                        continue;
                    }
                    for e in std::fs::read_dir(&p).unwrap() {
                        stack.push(e.unwrap().path())
                    }
                } else if let Ok(t) = std::fs::read_to_string(&p) {
                    if t.len() > 3_000_000 {
                        continue;
                    }
                    nf += 1;
                    by += t.len();
                    let mut h = vec![];
                    d.scan_text(&t, Provenance::Tool, &mut s, &mut h);
                    n += h.len();
                    for x in h.iter().take(6) {
                        let (a, b) = (x.span.start as usize, x.span.end as usize);
                        println!(
                            "{} {} {:?}",
                            p.file_name().unwrap().to_string_lossy(),
                            x.rule.id,
                            &t[t.floor_char_boundary(a.saturating_sub(40))
                                ..t.ceil_char_boundary((b.min(a + 70) + 10).min(t.len()))]
                        );
                    }
                }
            }
            println!("findings {n} in {nf} files {by} bytes");
        }
        "hostile" => {
            for p in [
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----MIIa",
                "token=",
                "token",
                "password: ",
                "password=a;",
                "://a:",
                "://",
                "eyJ.ey",
                ".eyAb",
                "ZXlK",
                " ZXlKaGJH",
                "kind: Secret\ndata:\n",
                "kind:",
                "-H \"Authorization: Bearer a1b2",
                "--user a:b7 ",
                "bearer ",
                "basic YWJj",
                "GCSqGSIb3DQEHA",
                "MIIKPQIBAzCCCfcGCSqGSIb3DQEHA",
                "secret_token_",
                "a.token.",
                "Private-Lines: 1\n",
                "ClearTextPassword\" ",
                "accountkey=a ;",
            ] {
                let t = p.repeat(4_000_000 / p.len());
                let mut h = vec![];
                let i = std::time::Instant::now();
                d.scan_text(&t, Provenance::Tool, &mut s, &mut h);
                let e = i.elapsed();
                println!("{p:?} {e:?} hits {}", h.len());
            }
        }
        _ => {}
    }
}
