//! Names of tables, columns, procedures, settings and files that an ordinary statement leaves alone.

use crate::text::words::begins_with;

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name).trim_matches(['`', '[', ']', '"'])
}

fn is_in(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a column holds what one logs in or pays with.
pub(super) fn is_credential(column: &str) -> bool {
    let column = last_part(column);
    let is_whole = is_in(
        column,
        &[
            "pass",
            "pwd",
            "passwd",
            "passwort",
            "pin",
            "secret",
            "token",
            "api_key",
            "apikey",
            "session_id",
            "card_number",
            "ccnumber",
            "cvv",
            "authentication_string",
            "spare4",
            "private_key",
            "salt",
            "hash",
            "credential",
        ],
    );
    if column.len() > NAME_BYTES_MAX {
        return false;
    }
    let lower = column.to_ascii_lowercase();
    is_whole
        || ["password", "passwd", "_token", "secret", "api_key", "credit_card", "creditcard"]
            .iter()
            .any(|part| lower.contains(part))
            && !lower.contains("changed")
            && !lower.contains("policy")
            && !lower.contains("expir")
}

/// A longer name is none of those.
const NAME_BYTES_MAX: usize = 64;

/// Whether a table is where a server keeps its accounts.
pub(super) fn is_credential_store(table: &str) -> bool {
    is_in(
        table,
        &[
            "mysql.user",
            "pg_shadow",
            "pg_authid",
            "pg_catalog.pg_shadow",
            "pg_catalog.pg_authid",
            "sys.sql_logins",
            "sys.syslogins",
            "master..syslogins",
            "sys.user",
            "master.dbo.syslogins",
            "sys.user$",
            "user$",
            "dba_users",
            "sys.dba_users",
            "master..sysxlogins",
            "mysql.db",
            "mysql.global_priv",
        ],
    )
}

/// Whether a table tells what else the server holds.
pub(super) fn is_system_table(table: &str) -> bool {
    let begins = |prefix: &str| begins_with(table, prefix);
    [
        "information_schema.",
        "mysql.",
        "sys.",
        "pg_catalog.",
        "sysibm.",
        "master..",
        "performance_schema.",
        "`information_schema`",
    ]
    .iter()
    .any(|prefix| begins(prefix))
        || is_in(
            last_part(table),
            &[
                "sqlite_master",
                "sqlite_schema",
                "sysobjects",
                "syscolumns",
                "sysusers",
                "sysdatabases",
                "systables",
                "all_tables",
                "user_tables",
                "all_tab_columns",
                "all_users",
                "dba_users",
                "dba_tables",
                "pg_shadow",
                "pg_user",
                "pg_authid",
                "pg_database",
                "pg_tables",
                "pg_class",
                "v$version",
                "v$instance",
                "msysobjects",
                "rdb$database",
            ],
        )
}

/// Whether a procedure of SQL Server reaches the shell, the registry or other servers, or makes somebody an administrator.
pub(super) fn is_dangerous_procedure(name: &str) -> bool {
    let last = last_part(name);
    let begins = |prefix: &str| begins_with(last, prefix);
    begins("xp_")
        || begins("sp_oa")
        || is_in(
            last,
            &[
                "sp_configure",
                "sp_addlogin",
                "sp_addsrvrolemember",
                "sp_addrolemember",
                "sp_addlinkedserver",
                "sp_add_job",
                "sp_add_jobstep",
                "sp_start_job",
                "sp_makewebtask",
                "sp_execute_external_script",
                "sp_password",
                "sp_adduser",
                "sp_grantlogin",
                "sp_dropextendedproc",
                "sp_addextendedproc",
                "sp_droplogin",
            ],
        )
}

/// Whether a setting lets somebody write files or run programs once it is changed.
pub(super) fn is_setting_to_escape(setting: &str) -> bool {
    is_in(
        last_part(setting),
        &[
            "general_log",
            "general_log_file",
            "slow_query_log_file",
            "secure_file_priv",
            "local_infile",
            "archive_command",
            "restore_command",
            "shared_preload_libraries",
            "session_preload_libraries",
            "local_preload_libraries",
            "dynamic_library_path",
            "log_bin_trust_function_creators",
            "init_connect",
            "init_file",
            "ssl_passphrase_command",
        ],
    )
}

/// Whether a path in quotation marks leads to the system's files, to keys, or to where a web server runs what lies there.
pub(super) fn is_sensitive_file(quoted: &str) -> bool {
    let quoted = &quoted[..quoted.floor_char_boundary(PATH_BYTES_MAX)];
    let path = quoted.trim_matches(['\'', '"']).to_ascii_lowercase();
    let begins = [
        "/etc/",
        "/proc/",
        "/root/",
        "/var/www",
        "/srv/www",
        "/usr/",
        "/var/spool/cron",
        "/dev/",
        "c:\\windows",
        "c:/windows",
        "\\\\",
        "/boot/",
    ];
    let holds = [
        ".ssh",
        "id_rsa",
        ".env",
        "shadow",
        "passwd",
        ".php",
        ".jsp",
        ".aspx",
        "win.ini",
        "boot.ini",
        "web.config",
        ".htaccess",
        "authorized_keys",
        "cron",
    ];
    quoted.starts_with(['\'', '"'])
        && (begins.iter().any(|prefix| path.starts_with(prefix)) || holds.iter().any(|part| path.contains(part)))
}

/// A longer path is looked at so far.
const PATH_BYTES_MAX: usize = 1024;
