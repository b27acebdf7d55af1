BEGIN TRANSACTION;
CREATE TABLE blocks (
    guild_id   INTEGER NOT NULL,                       -- 0: everywhere
    mark       TEXT    NOT NULL,                       -- keyed hash of the person's id (bot.marks)
    user_id    INTEGER,                                -- NULL once they had everything forgotten
    blocked_by INTEGER NOT NULL,                       -- 0 once that person had
    blocked_at REAL    NOT NULL,
    reason     TEXT    NOT NULL,
    PRIMARY KEY (guild_id, mark)
) STRICT, WITHOUT ROWID;
INSERT INTO "blocks" VALUES(1456074443997577216,'734cb14ed0974c9d0104bc354e3e8f71',1456074443993382912,1456074443984994304,1.79604082532999181744e+09,'too many geese');
CREATE TABLE credentials (
    owner      TEXT    NOT NULL,                       -- user, guild, bot
    owner_id   INTEGER NOT NULL,
    backend    TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    username   TEXT    NOT NULL,
    pays       TEXT    NOT NULL,                       -- kinds, comma separated
    created_at REAL    NOT NULL,
    PRIMARY KEY (owner, owner_id, backend)
) STRICT, WITHOUT ROWID;
INSERT INTO "credentials" VALUES('guild',1456074443997577216,'horde',X'6741414141414272445768353365644853665F594C554257785A414A454E7A78415147795931646A4C304939397639545642796B50594B58486D6C5844364F494F6B76645559737778426C59723167327543575A6C5A5163495334584563787535467553696F59316D2D7769313664544572666C704B6F3D','rich#2','alchemy,image,text',1.79604082540286946302e+09);
INSERT INTO "credentials" VALUES('user',1456074444005965824,'horde',X'674141414141427244576876785F6B504E4736663547627A557A6250576A7563323871596F625750765F326D66702D65506172394248695245436737486251775F755351574C567643702D394D79304E66566E6A56696853346752325F626B5A6868545647795A47524E6A334477495F687957333377493D','rich#2','alchemy,image,text',1796040815.60092);
CREATE TABLE defaults (
    scope    TEXT    NOT NULL,                         -- user, channel, guild
    scope_id INTEGER NOT NULL,
    choices  TEXT    NOT NULL, guild_id INTEGER NOT NULL DEFAULT 0,                         -- JSON of bot.kept
    PRIMARY KEY (scope, scope_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "defaults" VALUES('channel',1456074443997577217,'{"steps": 22}',1456074443997577216);
INSERT INTO "defaults" VALUES('guild',1456074443997577216,'{"steps": 21, "sampler": "k_euler"}',1456074443997577216);
INSERT INTO "defaults" VALUES('user',1456074443989188608,'{"cfg_scale": 4.5, "negative": "fog"}',0);
CREATE TABLE departures (
    guild_id INTEGER PRIMARY KEY,
    left_at  REAL NOT NULL                             -- its settings go 30 days later
) STRICT;
CREATE TABLE favourites (
    request_id INTEGER PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    saved_at   REAL    NOT NULL
) STRICT;
INSERT INTO "favourites" VALUES(1,1456074443989188608,1.79604082344436264033e+09);
CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    settings TEXT NOT NULL                             -- JSON of bot.rules.GuildSettings
) STRICT;
INSERT INTO "guilds" VALUES(1456074443997577216,'{"words":[{"text":"casino","how":"word"},{"text":"f[o0]rbidden","how":"regex"}],"models_blocked":["Dreamshaper"],"loras_blocked":["12345"],"most_steps":60,"most_side":1024,"most_count":4,"budget":{"a_day":5000.0}}');
CREATE TABLE history (
    user_id    INTEGER NOT NULL,
    request_id INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    words      TEXT    NOT NULL,                       -- what can be searched for, case folded
    PRIMARY KEY (user_id, request_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "history" VALUES(1456074443984994304,10,'image','a sending ship albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443984994304,11,'image','a queued quail albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443984994304,12,'image','an unanswered urn albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443989188608,1,'image','a fox in snow albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443989188608,2,'image','two hares albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443989188608,3,'text','once upon a time koboldcpp/mistral-small-24b');
INSERT INTO "history" VALUES(1456074443989188608,4,'alchemy','boat.png caption');
INSERT INTO "history" VALUES(1456074443989188608,6,'image','a lamp that is paid for albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443989188608,9,'image','a waiting well albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074443993382912,5,'image','a goose of cleo albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074444001771520,7,'image','a shy picture albedobase xl (sdxl)');
INSERT INTO "history" VALUES(1456074444005965824,8,'image','a processing pier albedobase xl (sdxl)');
CREATE TABLE messages (
    request_id       INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    seq              INTEGER NOT NULL,
    channel_id       INTEGER NOT NULL,
    message_id       INTEGER NOT NULL DEFAULT 0,       -- 0 until Discord told us
    token            TEXT    NOT NULL DEFAULT '',      -- the interaction's, worthless after 15 minutes
    token_expires_at REAL    NOT NULL DEFAULT 0,
    ephemeral        INTEGER NOT NULL DEFAULT 0,
    reach            TEXT    NOT NULL,
    upload_limit     INTEGER NOT NULL, part INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (request_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "messages" VALUES(1,0,1456074443997577217,1576934218796105728,'aW50ZXJhY3Rpb246MTU3NjkzNDIxODY5NTQ0MjQzMjpTME5nUkV3M2Y3bzhKMjJsaFloaWtmVkFULUZONVhHWXU0VWRXcG1FblFtMmxDcWpMR1hUcGtqTmxaaEtEdmhxUDRlSlZfcHEwZnJYVHdDVTVNMlNILURld0k2MlpMUUV5ZUh5QVRGeFl0X1VXOEIyTTRNbEY1OUZBY2xyVW8wLQ==',1.79604168576347494119e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(2,0,1456074443997577217,1576934226052251648,'aW50ZXJhY3Rpb246MTU3NjkzNDIyNTk4NTE0Mjc4NDpjdndxanI4MDUxX3ZIQ25rLU5vVElpT3ZFUXFacVIxbHREcm11RG00b1drZFpZQlAtUHMybHNRSDFicmRFcTNMS0hIWEZSVEs0d0I0eGZGaXgwRnBxTGdYZ2RRNFJXckFBUTJ2QkpRdnljWjFPbnh6SlNqMy12T2l1dkxUZXhMTg==',1.79604168749762845035e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(3,0,1456074443997577217,1576934233266454528,'aW50ZXJhY3Rpb246MTU3NjkzNDIzMjkxODMyNzI5NjpkRUxKVE5YVW1JMEdHZWEwaGpvaDkyVG5UbXRQRjRoUlJURmVxclMyMGxEcG90ZU1YZ0F4RjFmNVJFVmlBOVdPczZTZTJ4S01ib05ZRTRhNXloUThJdzczRzN3M1U4X2g3N3d2RzdoOHl1bTBOaXJIZEdIR2hLWTdDa2ZLQXRyMw==',1.7960416891506564617e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(4,0,1456074443997577217,1576934240627458048,'aW50ZXJhY3Rpb246MTU3NjkzNDI0MDUzMDk4OTA1NjpXQWc4ZkZqbWF5bHNmQk56RWxMYWptQ1EtcER4MndRTG5zSFp3MW1EVkdJUXNUVjJFdkt2anp5ZGhOWnVBNjRHSlVIZFhQT2kzU2N5NnNaNVk5RHl5UHdhSlVNcjFoUU0xQjdrOFJ4RW5Vb21FaTl4RjlnY0ZSYVp4SGViMHhUXw==',1.79604169096591615674e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(5,0,1456074443997577217,1576934252052742144,'aW50ZXJhY3Rpb246MTU3NjkzNDI1MTk1NjI3MzE1MjpSSGJ5UDhlbmVLR1FXQXk2eEdjdnFMVkUxdWRuUXU3NWtWUmllNXp2UXpoLVN4bjc0SWdRT3lvSjQxQ3NjamxrUm1DMFZPb1FockIyd0VYc2tMbHpSUEN6S0ZSMVF1RVlEaWhqdVFSSFNzMF95VVhEREhDUDNhRjQ5S2dXM3dLZg==',1.79604169369239401819e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(6,0,1456074443997577217,1576934259736707072,'aW50ZXJhY3Rpb246MTU3NjkzNDI1OTYyMzQ2MDg2NDpzdVJXQ3FlYUprek9oSnVPTWNGdXFkcUt3UThQb2FpbW0zWkx4R0FkQkJUSDZEb3dGb2hJa0owNGZvME4zMV9zN0hZLWRDVzlKRkNlaWFKelIybzVScWRsWnFiWElZWW1jYUdZUm1BU3dIV24yWkl2ZDVqaUQzTTZCQUpqTE1scg==',1.79604169552049803735e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(7,0,1456074443997577217,1576934266447593472,'aW50ZXJhY3Rpb246MTU3NjkzNDI2NjQxODIzMzM0NDpTX1U0WkhyUjA0WloxUWs1SXNaY0NtN0lrVE15NmE2RGtEMHY2UVEtWUNLbXpFY25vZTFTR2t2UnNxQ1lQeEtteHFEMzd2SlBkdlI2cmlRRnFwZGd2MGlKaDM4TVc2VUhLMEFWY0V3T1V3Y1BuUlBib0xQcUkzcm5sQjRSSXNjUQ==',1.7960416971385586262e+09,1,'guild',10485760,0);
INSERT INTO "messages" VALUES(8,0,1456074443997577217,1576934303009341440,'aW50ZXJhY3Rpb246MTU3NjkzNDMwMjkyNTQ1NTM2MDptNkFFMUpKdUlsTmZkSUVYV2tiZ2lRYkw3QUlEeHBNUmlnZ202SDB3WDB1RHg4UG50YmpOaWxSN1g4c0h1eE9KaTVFODJvbTZ4M0JvWVE0MVNHY0JDTGhqRFBOR3F0QlgydVdDbng5ZjJORDhZVFBYLUtxQjR0VmZMUGFpVXZ6Sw==',1.79604170584434413913e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(9,0,1456074443997577217,1576934351784902656,'aW50ZXJhY3Rpb246MTU3NjkzNDM1MTU5NjE1ODk3NjpLXzVEWlFJSFMybFhYeFFGMDN1Qi1wS0RRTERxVkV1RldxVUpqUDBWZk9nSy1QQVJJOEhDcUQyZHVaajVjb0tWYldPd0dEMy1TYUV2aUlQd2liaUhMdVJCRHAxczBhLVdrYWppSXpZbUtZeHdkM1FZQ2dwalBLQzNrV2cxcVJjdg==',1.79604171744594383244e+09,0,'guild',10485760,0);
INSERT INTO "messages" VALUES(10,0,1456074443984994305,1576934352128835584,'aW50ZXJhY3Rpb246MTU3NjkzNDM1MjA1NzUzMjQxNjpMWS1OX1k1T0xWTTNsV05QLVhsMU9iLUlnVnA0eDhIbWRNSWhBSHdaeXl1RTE1RHM4dWtGUEdpN2NzQ2tnUVg2cFpyV21LbnJwWXhSQkJqSTdONGVpeVR2R0VnSjI4U2tDYmZUUEdJUVQxbERBMl9fQWdNdGZVVGdnTWhhZ3pLUw==',1.79604171755580449098e+09,0,'dm',10485760,0);
INSERT INTO "messages" VALUES(11,0,1456074443984994305,1576934377613426688,'aW50ZXJhY3Rpb246MTU3NjkzNDM3NzU1MDUxMjEyODpzMW1ZVHRNbVlwVUU2ZzBXZjJsTnNfU0F2UHEzSUJHRno0aGtma3BDMFB3TGlsYzEzeFdWeHA0cVZsUE9sSG5hbHpzVVFhcFRzNkRrdGk3QXFJZ3BnelhiM2QzRlpxU1FNeVE4bzZtMzhIdmVpXzhMZ0pEOEtOUWlkTEFLYkdTYw==',1.79604172363405704491e+09,0,'dm',10485760,0);
INSERT INTO "messages" VALUES(12,0,1456074443997577217,0,'aW50ZXJhY3Rpb246MTU3NjkzNDM4MTgyODcwMjIwODp6c3c0LVpqUzlWRHlaX1QyaW44OHF0UDNOQ1Zpb0V3T3ZpYmNuN2RFWm1Vd2gySjNCZVlaVmg0UkxTX3YyNDY2MFVYcXItamNURGdqWXFOOTRFTjVHaTdNdzlVWjRfRG5NZU94SFZtWmFMbHRJclhNMl9wNmlyVE92X0xfLXJRXw==',1.7960417246535234451e+09,0,'guild',10485760,0);
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('commands http://127.0.0.1:43301/api/v10 1456074443980800000','7e3da38b7036c13f256c4cc9b051d6010986a5fd12aa0ecbc903eaebe2e6c2a4');
CREATE TABLE people (
    user_id  INTEGER PRIMARY KEY,
    settings TEXT    NOT NULL                          -- JSON of bot.records.PersonSettings
) STRICT;
INSERT INTO "people" VALUES(1456074443989188608,'{"notify":"dm","nsfw_in_dms":false}');
CREATE TABLE presets (
    owner      TEXT    NOT NULL,                       -- user, guild
    owner_id   INTEGER NOT NULL,
    key        TEXT    NOT NULL,                       -- the name without its case, unique by owner
    name       TEXT    NOT NULL,
    choices    TEXT    NOT NULL,                       -- JSON of bot.kept
    made_by    INTEGER NOT NULL,                       -- whoever saved or shared it
    created_at REAL    NOT NULL,
    used_at    REAL    NOT NULL,
    PRIMARY KEY (owner, owner_id, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "presets" VALUES('guild',1456074443997577216,'dusk','Dusk','{"steps": 17, "sampler": "k_heun"}',1456074443984994304,1.7960408156908283234e+09,1.7960408156908283234e+09);
INSERT INTO "presets" VALUES('user',1456074443984994304,'dusk','Dusk','{"steps": 17, "sampler": "k_heun"}',1456074443984994304,1.7960408156908283234e+09,1.7960408156908283234e+09);
INSERT INTO "presets" VALUES('user',1456074443989188608,'mill','Mill','{"steps": 11, "cfg_scale": 3.5, "shape": "tall"}',1456074443989188608,1.79604081570846104624e+09,1.79604081570846104624e+09);
CREATE TABLE reports (
    request_id  INTEGER PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    reported_at REAL    NOT NULL,
    reporter_id INTEGER NOT NULL,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    message_id  INTEGER NOT NULL                       -- the one that was in front of them
) STRICT;
INSERT INTO "reports" VALUES(2,1.79604082366628170011e+09,1456074443984994304,1456074443997577216,1456074443997577217,1576934226052251648);
CREATE TABLE requests (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- what people see as #id; never used again
    interaction_id INTEGER NOT NULL UNIQUE,            -- the same interaction is one request
    backend        TEXT    NOT NULL,
    remote_id      TEXT,
    user_id        INTEGER NOT NULL,
    guild_id       INTEGER,
    channel_id     INTEGER NOT NULL,
    payer          TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    request        TEXT    NOT NULL,                   -- JSON of bot.requests
    phase          TEXT    NOT NULL,
    status         TEXT,                               -- JSON of bot.results.Status, the newest
    acked          INTEGER NOT NULL DEFAULT 0,         -- Discord took our first answer
    attempts       INTEGER NOT NULL DEFAULT 0,
    resends        INTEGER NOT NULL DEFAULT 0,
    created_at     REAL    NOT NULL,
    sent_at        REAL,
    due_at         REAL,
    expires_at     REAL,
    cancel_at      REAL,                               -- its person asked to stop it
    outcome_at     REAL,                               -- the outcome is known and its bytes are kept
    closed_at      REAL,                               -- ... and was shown
    parent         INTEGER,
    conversation   INTEGER,
    surface        TEXT    NOT NULL DEFAULT 'card',
    owner          TEXT    NOT NULL DEFAULT '',        -- which process drives it, until lease_until
    lease_until    REAL
) STRICT;
INSERT INTO "requests" VALUES(1,1576934218695442432,'horde','8ef89e3d-f0c0-4989-b478-160f16ad0603',1456074443989188608,1456074443997577216,1456074443997577217,'anonymous','image','{"private":false,"kind":"image","prompt":"a fox in snow","negative":"fog","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":4.5,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','done','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":9.0,"is_possible":true,"generations":[{"type":"image","id":"e532e8ff-7c92-4baf-9361-660f6dd118ac","url":"http://127.0.0.1:35065/r2/e532e8ff-7c92-4baf-9361-660f6dd118ac.webp?AWSAccessKeyId=sandbox&Signature=1b1bcbb2bc486dbaeb9ab413f22cde3a&Expires=1796042617","file":"1-e532e8ff-7c92-4baf-9361-660f6dd118ac.webp","seed":"2875823085","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.7960408157678837776e+09,1.79604081581819605825e+09,1.79604081731819605833e+09,1.79604201581819605823e+09,NULL,1.79604081743675279619e+09,1.79604081745638275149e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(2,1576934225985142784,'horde','274a4296-08c7-42c8-b4cd-cca8907ccd37',1456074443989188608,1456074443997577216,1456074443997577217,'anonymous','image','{"private":false,"kind":"image","prompt":"two hares","negative":"fog","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":4.5,"sampler":"k_euler","karras":true,"n":2,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','done','{"phase":"done","waiting":0,"processing":0,"finished":2,"restarted":0,"queue_position":0,"wait_time":0,"kudos":15.0,"is_possible":true,"generations":[{"type":"image","id":"82ef84af-07de-492b-8dbb-12ed12c47b64","url":"http://127.0.0.1:35065/r2/82ef84af-07de-492b-8dbb-12ed12c47b64.webp?AWSAccessKeyId=sandbox&Signature=df80cff0159df3132efc4687c0dc2be8&Expires=1796042619","file":"2-82ef84af-07de-492b-8dbb-12ed12c47b64.webp","seed":"699538637","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]},{"type":"image","id":"c415a4fd-7bfb-4f59-865c-be8c5f58f5c8","url":"http://127.0.0.1:35065/r2/c415a4fd-7bfb-4f59-865c-be8c5f58f5c8.webp?AWSAccessKeyId=sandbox&Signature=0944a8acf68f96d585852ea14ac18151&Expires=1796042619","file":"2-c415a4fd-7bfb-4f59-865c-be8c5f58f5c8.webp","seed":"699538637","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604081750023388862e+09,1.79604081754572105413e+09,1.79604081904572105408e+09,1.79604201754572105403e+09,NULL,1.79604081909829354285e+09,1.79604081913712596897e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(3,1576934232918327296,'horde','88f2c58e-02b5-46be-89ba-e338785844de',1456074443989188608,1456074443997577216,1456074443997577217,'anonymous','text','{"private":false,"kind":"text","prompt":"Once upon a time","models":["koboldcpp/Mistral-Small-24B"],"max_length":240,"max_context_length":4096,"temperature":0.8,"n":1,"spoiler":true,"allow_downgrade":true}','done','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":65.0,"is_possible":true,"generations":[{"type":"text","text":" The ferryman had been thinking about the weather above the orchard. The baker''s daughter had been thinking about a small mystery under the first snow. By noon the talk had moved from a small mystery to a small mystery, as it always did. A travelling clockmaker kept a small box of notes on a small mystery, and opened it only by the harbour.\n\nWhat matters is not the weather, thought the lighthouse keeper, but who carries the lantern. A quiet robot kept a small box of notes on a small mystery, and opened it only at the edge of the map. Later, in the long blue evening, they would call it the year of the weather.\n\nThere was something about the weather that made the whole day feel lighter. The ferryman had been thinking about the weather at the edge of the map. There was something about the weather that made the whole day feel lighter. What matters is not the weather, thought the ferryman, but who carries","model":"koboldcpp/Mistral-Small-24B","worker":"Storyteller","censored":""}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.7960408191750597954e+09,1.79604081927585792544e+09,1.79604082077585792539e+09,1.79604201927585792539e+09,NULL,1.79604082080659985549e+09,1796040820.83702,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(4,1576934240530989056,'horde','104263da-fce9-46db-b404-b3448f217430',1456074443989188608,1456074443997577216,1456074443997577217,'anonymous','alchemy','{"private":false,"kind":"alchemy","source":{"url":"http://127.0.0.1:43301/cdn/ephemeral-attachments/uploads/1576934240501628928/boat.png?ex=6b0eb9f4&is=6b0d6874&hm=8d771f906447a5395f7d5f8d2399fd5bae8456da794ec6779184c3df422d9350&","filename":"boat.png","size":156,"file":"4-source","width":64,"height":64},"forms":["caption"],"withhold":true,"spoiler":false}','done','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":0.0,"is_possible":true,"generations":[{"type":"form","form":"caption","state":"done","text":"a square picture in blue, dim light","flag":null,"tags":{},"url":"","file":"","width":0,"height":0,"problem":""}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604082096642613409e+09,1.79604082102165079118e+09,1.79604082252165079113e+09,1.79604202102165079121e+09,NULL,1.79604082253545880316e+09,1.79604082254230189318e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(5,1576934251956273152,'horde','b48f9ba2-20a7-489b-b367-5d727f231203',1456074443993382912,1456074443997577216,1456074443997577217,'anonymous','image','{"private":false,"kind":"image","prompt":"a goose of cleo","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','done','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":9.0,"is_possible":true,"generations":[{"type":"image","id":"67bca5b5-05ce-403e-826f-666d1f2b1f5b","url":"http://127.0.0.1:35065/r2/67bca5b5-05ce-403e-826f-666d1f2b1f5b.webp?AWSAccessKeyId=sandbox&Signature=6f744123eeaf64c3979df5a84f9830d5&Expires=1796042625","file":"5-67bca5b5-05ce-403e-826f-666d1f2b1f5b.webp","seed":"343187343","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604082369448900223e+09,1.79604082372278380397e+09,1.79604082522278380397e+09,1.79604202372278380387e+09,NULL,1.79604082524522495273e+09,1.79604082528457164764e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(6,1576934259623460864,'horde','fdfc3c16-e094-4e34-aca1-9c25f2518c0e',1456074443989188608,1456074443997577216,1456074443997577217,'guild','image','{"private":false,"kind":"image","prompt":"a lamp that is paid for","negative":"fog","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":4.5,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','done','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":9.0,"is_possible":true,"generations":[{"type":"image","id":"17bb6763-f9c8-4d46-ac14-6413662ec8c3","url":"http://127.0.0.1:35065/r2/17bb6763-f9c8-4d46-ac14-6413662ec8c3.webp?AWSAccessKeyId=sandbox&Signature=0ce767909257942111abbea6e47962b9&Expires=1796042627","file":"6-17bb6763-f9c8-4d46-ac14-6413662ec8c3.webp","seed":"1374839893","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604082552398347854e+09,1.79604082557130241394e+09,1.79604082707130241394e+09,1.79604202557130241389e+09,NULL,1.79604082712120866776e+09,1.79604082713326072689e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(7,1576934266418233344,'horde','3e0ce131-ce82-49de-8931-c125695d9960',1456074444001771520,1456074443997577216,1456074443997577217,'guild','image','{"private":true,"kind":"image","prompt":"a shy picture","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','held','{"phase":"done","waiting":0,"processing":0,"finished":1,"restarted":0,"queue_position":0,"wait_time":0,"kudos":9.0,"is_possible":true,"generations":[{"type":"image","id":"2733c9da-7818-4286-ae1a-889733edc666","url":"http://127.0.0.1:35065/r2/2733c9da-7818-4286-ae1a-889733edc666.webp?AWSAccessKeyId=sandbox&Signature=aab93bd1e37e2d1a46708cc516b54607&Expires=1796042629","file":"7-2733c9da-7818-4286-ae1a-889733edc666.webp","seed":"2732451859","model":"AlbedoBase XL (SDXL)","worker":"Lighthouse 4090","width":64,"height":64,"censored":"","problem":"","notes":[]}],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604082713925957684e+09,1.79604082715336751943e+09,1.79604082865336751938e+09,1.79604202715336751933e+09,NULL,1.79604082973893117904e+09,1.79604083579585313795e+09,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(8,1576934302925455360,'horde','113bd78b-4c4b-4e7d-930b-e9bc25f00e2d',1456074444005965824,1456074443997577216,1456074443997577217,'user','image','{"private":false,"kind":"image","prompt":"a processing pier","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','processing','{"phase":"processing","waiting":0,"processing":1,"finished":0,"restarted":0,"queue_position":0,"wait_time":24,"kudos":3.0,"is_possible":true,"generations":[],"detail":"","public":true,"warnings":[],"settled":true}',1,0,0,1.79604083584485673904e+09,1.79604083589508891107e+09,1.79604083739508891106e+09,1.79604203589508891101e+09,NULL,NULL,NULL,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(9,1576934351596158976,'horde','ff797640-55d7-4861-b7b8-8ff67c9a2cc6',1456074443989188608,1456074443997577216,1456074443997577217,'guild','image','{"private":false,"kind":"image","prompt":"a waiting well","negative":"fog","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":4.5,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','waiting','{"phase":"waiting","waiting":1,"processing":0,"finished":0,"restarted":0,"queue_position":0,"wait_time":0,"kudos":0.0,"is_possible":true,"generations":[],"detail":"","public":true,"warnings":["No worker can take this at the moment. It waits up to 20 minutes for one."],"settled":true}',1,0,0,1.79604084746275925637e+09,1.79604084750112867356e+09,1.79604084900112867355e+09,1.7960420475011286735e+09,NULL,NULL,NULL,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(10,1576934352057532416,'horde',NULL,1456074443984994304,NULL,1456074443984994305,'anonymous','image','{"private":false,"kind":"image","prompt":"a sending ship","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler_a","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','sending',NULL,1,0,0,1.79604084755603241917e+09,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(11,1576934377550512128,'horde',NULL,1456074443984994304,NULL,1456074443984994305,'anonymous','image','{"private":false,"kind":"image","prompt":"a queued quail","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler_a","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','queued',NULL,1,0,0,1.79604085363451981545e+09,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'card','',NULL);
INSERT INTO "requests" VALUES(12,1576934381828702208,'horde',NULL,1456074443984994304,1456074443997577216,1456074443997577217,'guild','image','{"private":false,"kind":"image","prompt":"an unanswered urn","negative":"","style":"","style_name":"","models":["AlbedoBase XL (SDXL)"],"width":64,"height":64,"steps":10,"cfg_scale":6.0,"sampler":"k_euler","karras":true,"n":1,"seed":"","seed_variation":null,"clip_skip":null,"tiling":false,"transparent":false,"hires_fix":false,"hires_strength":null,"post":[],"face_strength":null,"loras":[],"embeddings":[],"source":null,"mode":null,"strength":null,"mask":null,"parts":[],"expand":[0,0,0,0],"extra_images":[],"control":null,"control_is_map":false,"control_map":false,"workflow":null,"texts":[],"nsfw":false,"censor_nsfw":true,"spoiler":false,"allow_downgrade":true,"trusted_workers":false,"slow_workers":true,"extra_slow_workers":false,"validated_backends":false,"workers":[],"worker_blacklist":false,"disable_batching":false}','queued',NULL,0,0,0,1.79604085465410089495e+09,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'card','',NULL);
CREATE TABLE spending (
    request_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    mark       TEXT    NOT NULL,                       -- of the person (bot/marks.py): it may outlive them
    day        INTEGER NOT NULL,                       -- of UTC, counted from 1970
    kudos      REAL    NOT NULL,
    settled    INTEGER NOT NULL DEFAULT 0              -- 0: an estimate, it is still under way
) STRICT;
INSERT INTO "spending" VALUES(6,1456074443997577216,'10b68e4b4d111dde464f6871cf7b93f8',20787,9.0,1);
INSERT INTO "spending" VALUES(7,1456074443997577216,'5203d1cfabaf14591ae5e04de1176dc4',20787,9.0,1);
INSERT INTO "spending" VALUES(9,1456074443997577216,'10b68e4b4d111dde464f6871cf7b93f8',20787,9.98611181640625,0);
INSERT INTO "spending" VALUES(12,1456074443997577216,'9a303150b5dd394c0e07a1e013c8ebcb',20787,9.98611181640625,0);
CREATE INDEX requests_open ON requests (backend, id)
    WHERE phase IN ('queued', 'sending', 'waiting', 'processing');
CREATE INDEX requests_user ON requests (user_id, id);
CREATE INDEX requests_closed ON requests (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_held ON requests (user_id) WHERE phase = 'held';
CREATE INDEX requests_remote ON requests (remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX messages_message ON messages (message_id);
CREATE INDEX favourites_user ON favourites (user_id, request_id);
CREATE INDEX history_request ON history (request_id);
CREATE INDEX reports_newest ON reports (reported_at);
CREATE INDEX spending_day ON spending (guild_id, day);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('requests',12);
COMMIT;
PRAGMA user_version = 7;
