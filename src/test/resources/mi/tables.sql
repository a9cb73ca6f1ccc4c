CREATE TABLE dispatcher (id INT PRIMARY KEY, setid INT, destination VARCHAR(192), socket VARCHAR(128), state INT,
    weight VARCHAR(64), priority INT, attrs VARCHAR(128), description VARCHAR(64));
INSERT INTO dispatcher VALUES (1, 1, 'sip:10.0.0.1:5060', NULL, 0, '1', 0, '', '');
INSERT INTO dispatcher VALUES (2, 1, 'sip:10.0.0.2', NULL, 0, '5', 7, 'pstn=1', 'the second');
INSERT INTO dispatcher VALUES (3, 2, 'sip:gw.example.invalid;transport=tcp', NULL, 1, '1', 0, '', '');
CREATE TABLE trunks (id INT PRIMARY KEY, setid INT, destination VARCHAR(192), socket VARCHAR(128), state INT,
    weight VARCHAR(64), priority INT, attrs VARCHAR(128), description VARCHAR(64));
INSERT INTO trunks VALUES (1, 1, 'sip:ann@10.0.1.1:5070', 'udp', 2, '1', 0, '', '');
CREATE TABLE nothing (id INT PRIMARY KEY, setid INT, destination VARCHAR(192), socket VARCHAR(128), state INT,
    weight VARCHAR(64), priority INT, attrs VARCHAR(128), description VARCHAR(64));
