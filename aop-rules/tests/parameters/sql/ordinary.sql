SELECT name FROM customers WHERE id = 42

SELECT id, name, email FROM customers WHERE city = 'Hamburg' ORDER BY name LIMIT 20

select * from orders where status in ('open', 'late') and total > 100

SELECT COUNT(*) FROM visits

SELECT o.id, c.name, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at >= '2025-01-01'

SELECT p.title, COALESCE(AVG(r.stars), 0) AS rating
FROM products p
LEFT JOIN reviews r ON r.product_id = p.id
GROUP BY p.title
HAVING COUNT(r.id) > 5
ORDER BY rating DESC

SELECT * FROM employees WHERE surname = 'O''Brien'

SELECT * FROM notes WHERE body LIKE '%drop table%'

INSERT INTO notes (body) VALUES ('Please don''t run DELETE FROM users; it is a joke')

SELECT title FROM films WHERE title = 'Union Select Blues' OR title = 'Or 1=1, a love story'

UPDATE customers SET phone = '+49 40 123456' WHERE id = 17

DELETE FROM sessions WHERE expires_at < NOW()

DELETE FROM cart_items WHERE cart_id = 9 AND product_id = 31

TRUNCATE TABLE staging_prices

DROP TABLE IF EXISTS tmp_import

CREATE TABLE invoices (
  id BIGINT PRIMARY KEY,
  customer_id BIGINT NOT NULL REFERENCES customers (id),
  amount NUMERIC(12, 2) CHECK (amount >= 0),
  issued_on DATE DEFAULT CURRENT_DATE
)

ALTER TABLE invoices ADD COLUMN currency CHAR(3) NOT NULL DEFAULT 'EUR'

ALTER TABLE invoices DROP COLUMN old_number

CREATE UNIQUE INDEX invoices_number ON invoices (number)

CREATE INDEX CONCURRENTLY idx_orders_placed ON orders USING btree (placed_at DESC)

CREATE VIEW late_orders AS SELECT id, customer_id FROM orders WHERE due_on < CURRENT_DATE AND shipped_on IS NULL

GRANT SELECT ON invoices TO reporting

REVOKE INSERT ON invoices FROM trainee

WITH monthly AS (
  SELECT date_trunc('month', placed_at) AS month, SUM(total) AS revenue
  FROM orders
  GROUP BY 1
)
SELECT month, revenue, revenue - LAG(revenue) OVER (ORDER BY month) AS change
FROM monthly
ORDER BY month

WITH RECURSIVE tree AS (
  SELECT id, parent_id, name, 0 AS depth FROM categories WHERE parent_id IS NULL
  UNION ALL
  SELECT c.id, c.parent_id, c.name, t.depth + 1 FROM categories c JOIN tree t ON c.parent_id = t.id
)
SELECT * FROM tree ORDER BY depth, name

SELECT city FROM customers UNION SELECT city FROM suppliers ORDER BY city

SELECT id, 'customer' AS kind FROM customers UNION ALL SELECT id, 'supplier' FROM suppliers

SELECT name FROM staff_2024 EXCEPT SELECT name FROM staff_2025

SELECT sku FROM warehouse_a INTERSECT SELECT sku FROM warehouse_b

SELECT department, salary, RANK() OVER (PARTITION BY department ORDER BY salary DESC) AS place FROM employees

SELECT id, SUM(amount) OVER (PARTITION BY account ORDER BY booked_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM bookings

SELECT CASE WHEN total > 1000 THEN 'large' WHEN total > 100 THEN 'medium' ELSE 'small' END AS size, COUNT(*) FROM orders GROUP BY 1

SELECT * FROM tickets WHERE (priority = 1 OR priority = 2) AND assignee IS NULL

SELECT * FROM rooms WHERE capacity BETWEEN 4 AND 8 OR has_screen = TRUE

SELECT * FROM products WHERE NOT (discontinued OR stock = 0)

SELECT * FROM logs WHERE level <> 'debug' AND message NOT LIKE 'heartbeat%'

SELECT payload->>'kind' AS kind, COUNT(*) FROM events WHERE payload @> '{"source": "app"}' GROUP BY 1

SELECT data #>> '{address,city}' FROM profiles WHERE data ? 'address'

SELECT JSON_EXTRACT(settings, '$.theme') FROM accounts WHERE JSON_EXTRACT(settings, '$.beta') = true

SELECT settings->'$.theme' FROM accounts

SELECT jsonb_agg(item ORDER BY position) FROM playlist_items WHERE playlist_id = 3

SELECT TOP 10 ProductName, UnitPrice FROM [dbo].[Products] ORDER BY UnitPrice DESC

SELECT [Order Details].OrderID, SUM(Quantity) FROM [Order Details] GROUP BY OrderID

SELECT `order`, `group` FROM `weird names` WHERE `key` = 'a'

SELECT * FROM orders WHERE placed_at > DATEADD(day, -7, GETDATE())

SELECT * FROM orders WHERE placed_at > DATE_SUB(NOW(), INTERVAL 7 DAY)

SELECT * FROM orders WHERE placed_at > now() - interval '7 days'

SELECT sysdate FROM dual

SELECT employee_name FROM employees WHERE ROWNUM <= 10

SELECT * FROM employees START WITH manager_id IS NULL CONNECT BY PRIOR id = manager_id

SELECT LISTAGG(name, ', ') WITHIN GROUP (ORDER BY name) FROM teams

SELECT GROUP_CONCAT(tag ORDER BY tag SEPARATOR '; ') FROM tags WHERE post_id = 12

SELECT string_agg(DISTINCT country, ' / ') FROM offices

SELECT CONCAT(first_name, ' ', last_name) AS full_name FROM people

SELECT first_name || ' ' || last_name FROM people WHERE last_name ILIKE 'mc%'

SELECT SUBSTRING(iban, 1, 2) AS country, COUNT(*) FROM accounts GROUP BY SUBSTRING(iban, 1, 2)

SELECT UPPER(LEFT(name, 1)) AS initial, COUNT(*) FROM contacts GROUP BY 1 ORDER BY 1

SELECT ASCII('A'), CHAR_LENGTH(name) FROM contacts LIMIT 1

SELECT MD5(email) AS gravatar FROM members WHERE id = 8

SELECT VERSION()

SELECT @@version

SELECT current_database(), current_user

SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'

SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position

SELECT name, sql FROM sqlite_master WHERE type = 'table'

SELECT relname, n_live_tup FROM pg_stat_user_tables ORDER BY n_live_tup DESC LIMIT 10

SELECT name FROM sys.tables

SHOW TABLES

SHOW CREATE TABLE orders

DESCRIBE orders

EXPLAIN ANALYZE SELECT * FROM orders WHERE customer_id = 5

PRAGMA table_info(orders)

PRAGMA foreign_keys = ON

VACUUM ANALYZE orders

ANALYZE TABLE orders

USE shop

SET search_path TO sales, public

SET @threshold = 100

BEGIN

COMMIT

ROLLBACK TO SAVEPOINT before_import

BEGIN;
UPDATE accounts SET balance = balance - 50 WHERE id = 1;
UPDATE accounts SET balance = balance + 50 WHERE id = 2;
COMMIT;

START TRANSACTION;
INSERT INTO orders (customer_id, total) VALUES (4, 19.90);
INSERT INTO order_items (order_id, sku, quantity) VALUES (LAST_INSERT_ID(), 'AB-12', 2);
COMMIT;

INSERT INTO colours (name, hex) VALUES ('red', '#ff0000'), ('green', '#00ff00'), ('blue', '#0000ff')

INSERT INTO archive (id, body) SELECT id, body FROM messages WHERE sent_at < '2020-01-01'

INSERT INTO stock (sku, quantity) VALUES ('X1', 5) ON CONFLICT (sku) DO UPDATE SET quantity = stock.quantity + EXCLUDED.quantity

INSERT INTO stock (sku, quantity) VALUES ('X1', 5) ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)

INSERT INTO users (name, password_hash) VALUES ('kim', '$2b$12$abcdefghijklmnopqrstuv') RETURNING id

REPLACE INTO settings (name, value) VALUES ('theme', 'dark')

INSERT OR IGNORE INTO tags (name) VALUES ('urgent')

MERGE INTO prices AS t USING staged AS s ON t.sku = s.sku
WHEN MATCHED THEN UPDATE SET t.price = s.price
WHEN NOT MATCHED THEN INSERT (sku, price) VALUES (s.sku, s.price)

UPDATE products SET price = price * 1.05 WHERE category = 'garden' AND price < 50

UPDATE orders o SET total = (SELECT SUM(price * quantity) FROM order_items i WHERE i.order_id = o.id)

UPDATE e SET e.salary = s.new_salary FROM employees e INNER JOIN raises s ON s.employee_id = e.id

UPDATE texts SET body = REPLACE(body, 'colour', 'color')

UPDATE members SET note = 'prefers -- to be called; # 4 on the list' WHERE id = 6

UPDATE pages SET html = '<p>/* not a comment */ it''s -- fine</p>' WHERE slug = 'home'

DELETE FROM logs USING hosts WHERE logs.host_id = hosts.id AND hosts.retired

DELETE FROM basket WHERE id IN (SELECT id FROM basket ORDER BY touched_at LIMIT 100)

-- the ten best customers of last year
SELECT customer_id, SUM(total) AS spent FROM orders WHERE EXTRACT(YEAR FROM placed_at) = 2024 GROUP BY customer_id ORDER BY spent DESC LIMIT 10

SELECT id, name -- the display name
FROM teams -- only those that play
WHERE active = 1

SELECT /* dashboard: revenue */ SUM(total) FROM orders

SELECT /*+ INDEX(o orders_placed) */ o.id FROM orders o WHERE o.placed_at > TRUNC(SYSDATE)

SELECT id FROM teams # MySQL takes this for a comment as well
WHERE active = 1

SELECT name FROM teams WHERE active = 1;

SELECT name FROM teams; -- all of them

SELECT * FROM a CROSS JOIN b

SELECT * FROM a NATURAL JOIN b WHERE a.x <> b.y

SELECT * FROM t1 FULL OUTER JOIN t2 USING (id) WHERE t1.id IS NULL OR t2.id IS NULL

SELECT d.name FROM departments d WHERE EXISTS (SELECT 1 FROM employees e WHERE e.department_id = d.id)

SELECT name FROM cities WHERE population > ALL (SELECT population FROM cities WHERE country = 'IS')

SELECT name FROM parts WHERE (weight, length) IN (SELECT weight, length FROM samples)

SELECT * FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM items) AS numbered WHERE n % 10 = 0

SELECT * FROM items LIMIT 50 OFFSET 100

SELECT * FROM items ORDER BY id OFFSET 20 ROWS FETCH NEXT 10 ROWS ONLY

SELECT DISTINCT ON (customer_id) customer_id, placed_at FROM orders ORDER BY customer_id, placed_at DESC

SELECT GREATEST(a, b), LEAST(a, b) FROM pairs

SELECT 1

SELECT 1 AS ok

SELECT 1 FROM dual

SELECT 2 + 3 * 4

SELECT NULL IS NULL, TRUE AND FALSE

SELECT * FROM products WHERE 1 = 1 AND category = 'books'

SELECT * FROM products WHERE 1=1 AND price < 20 AND stock > 0 ORDER BY price

CREATE TABLE copy_of_orders AS SELECT * FROM orders WHERE 1 = 0

SELECT * FROM orders WHERE id = ?

SELECT * FROM orders WHERE id = $1 AND status = $2

SELECT * FROM orders WHERE customer = :customer OR :customer IS NULL

SELECT * FROM orders WHERE customer = %s

EXEC sp_help 'dbo.Orders'

EXEC dbo.usp_MonthlyReport @month = 5, @year = 2025

EXECUTE usp_CloseBooks '2025-03-31'

CALL refresh_statistics()

CALL transfer(12, 15, 99.50)

SELECT refresh_cache('orders')

DO $$ BEGIN RAISE NOTICE 'it''s done; nothing to drop'; END $$

CREATE OR REPLACE FUNCTION add_tax(amount numeric) RETURNS numeric AS $$
BEGIN
  RETURN amount * 1.19;
END;
$$ LANGUAGE plpgsql

CREATE PROCEDURE CountOrders AS
BEGIN
  SELECT COUNT(*) FROM Orders;
END

CREATE TRIGGER touch BEFORE UPDATE ON pages FOR EACH ROW SET NEW.changed_at = NOW()

CREATE USER reporter WITH PASSWORD 'to-be-changed'

ALTER USER reporter SET default_transaction_read_only = on

CREATE ROLE readers

CREATE EXTENSION IF NOT EXISTS pgcrypto

CREATE SCHEMA sales AUTHORIZATION planner

CREATE SEQUENCE invoice_number START 1000

COMMENT ON COLUMN orders.total IS 'gross, in euro; see #12'

COPY customers FROM '/import/customers.csv' WITH (FORMAT csv, HEADER true)

COPY customers TO STDOUT WITH CSV HEADER

SELECT * FROM read_csv_auto('sales.csv') WHERE amount > 10

SELECT COUNT(*) FILTER (WHERE paid) AS paid, COUNT(*) AS all_of_them FROM invoices

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) FROM calls

SELECT ARRAY[1, 2, 3] && tags FROM posts

SELECT unnest(string_to_array('a,b,c', ','))

SELECT * FROM generate_series(1, 12) AS month

SELECT ST_Distance(a.geom, b.geom) FROM places a, places b WHERE a.id = 1 AND b.id = 2

SELECT * FROM documents WHERE to_tsvector('english', body) @@ to_tsquery('cats & dogs')

SELECT * FROM articles WHERE MATCH (title, body) AGAINST ('+union -select' IN BOOLEAN MODE)

SELECT name FROM people WHERE name REGEXP '^(Mc|Mac)'

SELECT name FROM people WHERE name ~* '^o''(brien|neill)$'

SELECT SOUNDEX(name) FROM people WHERE SOUNDEX(name) = SOUNDEX('Smith')

SELECT BIN(12), OCT(12), HEX(255)

SELECT x'48656C6C6F' AS greeting

SELECT 0xFF & flags FROM devices

SELECT flags | 4, flags ^ 1, ~flags FROM devices WHERE flags & 8 = 8

SELECT CAST(price AS INTEGER), price::text FROM products

SELECT CONVERT(VARCHAR(10), placed_at, 120) FROM orders

SELECT TRY_CAST(raw AS DECIMAL(10, 2)) FROM imported

SELECT ISNULL(nickname, name), IFNULL(nickname, name), NVL(nickname, name) FROM people

SELECT IIF(stock > 0, 'yes', 'no') AS available FROM products

SELECT IF(stock > 0, 'yes', 'no') AS available FROM products

SELECT DECODE(status, 1, 'new', 2, 'old', 'other') FROM items

SELECT FIRST_VALUE(price) OVER w, LAST_VALUE(price) OVER w FROM quotes WINDOW w AS (PARTITION BY symbol ORDER BY at)

SELECT region, quarter, SUM(sales) FROM facts GROUP BY ROLLUP (region, quarter)

SELECT region, product, SUM(sales) FROM facts GROUP BY GROUPING SETS ((region), (product), ())

SELECT * FROM sales PIVOT (SUM(amount) FOR quarter IN ([Q1], [Q2], [Q3], [Q4])) AS p

SELECT a.id FROM a LEFT JOIN b ON a.id = b.a_id AND b.kind = 'x' WHERE b.id IS NULL

SELECT c.name, o.cnt FROM customers c CROSS APPLY (SELECT COUNT(*) AS cnt FROM orders o WHERE o.customer_id = c.id) o

SELECT * FROM orders o, LATERAL (SELECT * FROM items i WHERE i.order_id = o.id LIMIT 3) t

SELECT * FROM accounts FOR UPDATE SKIP LOCKED LIMIT 5

SELECT * FROM inventory WITH (NOLOCK) WHERE sku = 'A'

SELECT * INTO #recent FROM orders WHERE placed_at > '2025-06-01'

SELECT * FROM #recent WHERE total > 10

DECLARE @since DATE = '2025-01-01'; SELECT * FROM orders WHERE placed_at >= @since

SET NOCOUNT ON; SELECT id FROM orders

USE warehouse; SELECT COUNT(*) FROM bins

CREATE TEMP TABLE picks (id int); INSERT INTO picks VALUES (1), (2)

CREATE TABLE a (id int); CREATE INDEX a_id ON a (id); ALTER TABLE a ADD COLUMN note text

SELECT id FROM customers WHERE id = 1; SELECT id FROM orders WHERE customer_id = 1

LOCK TABLES orders READ

KILL 1234

FLUSH TABLES

OPTIMIZE TABLE orders

SELECT 'it''s 5 o''clock; DROP BY LATER -- maybe' AS note

SELECT * FROM chat WHERE text = 'x'' OR ''1''=''1'

SELECT "select", "from" FROM "table" WHERE "where" = 'there'

SELECT name FROM passwords_policy WHERE min_length > 12

SELECT username, last_login FROM users WHERE role = 'admin' OR role = 'owner'

SELECT email FROM users WHERE password_changed_at < NOW() - INTERVAL '90 days'

SELECT id, title FROM posts WHERE author_id = 7 UNION SELECT id, title FROM drafts WHERE author_id = 7

SELECT 'total' AS label, SUM(x) FROM t UNION ALL SELECT label, x FROM t

SELECT NULL AS parent, name FROM roots UNION ALL SELECT parent, name FROM leaves

VALUES (1, 'one'), (2, 'two')

TABLE orders

SELECT * FROM orders WHERE note = '' OR note IS NULL

SELECT * FROM lines WHERE text = '/*' OR text = '*/'

SELECT slot FROM diary WHERE slot LIKE 'waitfor delay%'
