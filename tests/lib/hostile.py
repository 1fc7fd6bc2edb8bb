"""Addresses that must never be called, and some that may."""

LOOPBACK = [
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://127.255.255.254/", "https://0x7f.1/", "https://0x7f000001/",
    "https://0X7F000001/", "https://2130706433/", "https://017700000001/", "https://0177.0.0.1/", "https://0177.0.0.01/",
    "https://127.0.0.1./", "https://127.0.0.01/", "https://127.000.000.001/", "https://0/", "https://0.0.0.0/", "https://00.0.0.0/",
    "https://0x0/", "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[0000::0001]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[::ffff:0:127.0.0.1]/", "https://[::1%25lo]/", "https://[::1%lo]/",
    "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://127。0。0。1/", "https://127．0．0．1/", "https://127.0.0.1%2f/",
    "https://0x7f.0x0.0x0.0x1/", "https://0x7f.0.0.0x1/", "https://127.0x1/", "https://4294967296/", "https://127.0.0.1.5/",
]  # fmt: skip
INSIDE = [
    "https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.255.254/", "https://192.168.0.1/",
    "https://192.168.1.1:8443/", "https://0xc0a80001/", "https://3232235521/", "https://0300.0250.0.1/", "https://100.64.0.1/",
    "https://100.127.255.254/", "https://169.254.169.254/latest/meta-data/", "https://169.254.170.2/", "https://0xa9fea9fe/",
    "https://2852039166/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/", "https://[fd00:ec2::254]/", "https://100.100.100.200/", "https://192.0.0.192/", "https://192.0.0.170/",
    "https://168.63.129.16/", "https://[fc00::1]/", "https://[fd12:3456:789a::1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::1]/", "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::1]/", "https://[2002:c0a8:101::1]/", "https://[2001::1]/", "https://[2001:0:7f00:1::]/",
    "https://[2001:db8::1]/", "https://[3fff::1]/", "https://[5f00::1]/", "https://[100::1]/", "https://192.88.99.1/", "https://192.0.2.1/",
    "https://198.51.100.1/", "https://203.0.113.1/", "https://198.18.0.1/", "https://198.19.255.255/", "https://224.0.0.1/",
    "https://239.255.255.250/", "https://[ff02::1]/", "https://[ff0e::1]/", "https://240.0.0.1/", "https://255.255.255.255/",
    "https://[::ffff:10.0.0.1]/", "https://[::10.0.0.1]/", "https://[::ffff:8.8.8.8]/", "https://[::8.8.8.8]/", "https://[64:ff9b::808:808]/",
    "https://[2001:20::1]/", "https://[2001:10::1]/",
]  # fmt: skip
NAMES = [
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://localhost.localdomain/", "https://foo.localhost/",
    "https://ｌocalhost/", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "https://loc\u00adalhost/", "https://printer.local/", "https://metadata.google.internal/",
    "https://metadata/", "https://kubernetes.default.svc/", "https://db.internal/", "https://router.lan/", "https://nas.home/",
    "https://wiki.corp/", "https://box.home.arpa/", "https://1.0.0.127.in-addr.arpa/", "https://abc.onion/", "https://postgres:8443/",
]  # fmt: skip
FORMS = [
    "http://example.com/", "HTTP://example.com/", "ftp://example.com/", "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "unix:///var/run/docker.sock", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/", "javascript:alert(1)", "data:text/html,x",
    "//127.0.0.1/",
    "https:/127.0.0.1/", "https:127.0.0.1", "https://", "https:///path", "https://?x", "", "example.com", "https://example.com@127.0.0.1/",
    "https://user:word@example.com/", "https://@example.com/", "https://example.com%40127.0.0.1/", "https://example.com\\@127.0.0.1/",
    "https://127.0.0.1\\.example.com/", "https://example.com#@127.0.0.1/", "https://example.com/#x", "https://example.com/#",
    "https://exa mple.com/", "https://example.com/a b", " https://example.com/", "https://example.com/\r\nX-Evil: 1",
    "https://example.com\r\n.evil.com/", "https://exam\tple.com/", "https://example.com\x00.evil.com/", "https://example.com:22/",
    "https://example.com:25/", "https://example.com:6379/", "https://example.com:5432/", "https://example.com:0/",
    "https://example.com:65536/", "https://example.com:-1/", "https://example.com:/", "https://example.com:443x/", "https://example.com:８４４３/x",
    "https://example..com/", "https://.example.com/", "https://example.com./", "https://-example.com/", "https://exa_mple.com/",
    "https://[example.com]/", "https://[::1/", "https://::1]/", "https://[]/", "https://xn--/", "https://a." + "b" * 64 + ".com/",
    "https://example.com/" + "a" * 2000, "https://example.com/\u00e4", "https://example.com/{x}", "https://example.com/<x>",
    "https://v6.[::1].com/", "https://%6c%6f%63%61%6c%68%6f%73%74/", "https://%31%32%37.0.0.1/",
]  # fmt: skip
URLS = [*LOOPBACK, *INSIDE, *NAMES, *FORMS]

# A good name whose name server says one of these, alone or beside a public address.
DNS = [
    ["127.0.0.1"], ["0.0.0.0"], ["10.1.2.3"], ["172.20.0.5"], ["192.168.7.7"], ["169.254.169.254"], ["100.64.7.7"], ["168.63.129.16"],
    ["::1"], ["::"], ["fe80::1"], ["fe80::1%eth0"], ["fd00:ec2::254"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"],
    ["2001::7f00:1"], ["ff02::1"], ["224.0.0.1"], ["255.255.255.255"], ["192.0.0.192"], ["not an address"], ["93.184.215.14", "127.0.0.1"],
    ["127.0.0.1", "93.184.215.14"], ["93.184.215.14", "93.184.215.15", "10.0.0.1"], ["2606:4700::1111", "::1"],
    ["93.184.215.14", "fe80::1"],
    ["2606:4700::1111", "::ffff:10.0.0.1"],
]  # fmt: skip

# (as written, as called)
GOOD = [
    ("https://example.com", "https://example.com/"),
    ("https://example.com/", "https://example.com/"),
    ("https://EXAMPLE.com/Path?q=1&r=%20", "https://example.com/Path?q=1&r=%20"),
    ("https://example.com:443/x", "https://example.com/x"),
    ("https://hooks.example.com:8443/in", "https://hooks.example.com:8443/in"),
    ("https://example.com:8080/in", "https://example.com:8080/in"),
    ("https://a-b.c-d.example.co.uk/in?token=abc", "https://a-b.c-d.example.co.uk/in?token=abc"),
    ("https://123.example.com/", "https://123.example.com/"),
    ("https://10.0.0.1.nip.io/", "https://10.0.0.1.nip.io/"),  # a name like any other: what it leads to is checked
    ("https://localhost.example.com/", "https://localhost.example.com/"),
    ("https://internal.example.com/", "https://internal.example.com/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
    ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ("https://例え.jp/", "https://xn--r8jz45g.jp/"),
    ("https://8.8.8.8/", "https://8.8.8.8/"),
    ("https://1.1.1.1:8443/", "https://1.1.1.1:8443/"),
    ("https://172.32.0.1/", "https://172.32.0.1/"),
    ("https://100.128.0.1/", "https://100.128.0.1/"),
    ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
    ("https://[2606:4700:4700:0:0:0:0:1111]/", "https://[2606:4700:4700::1111]/"),
    ("https://[2a00:1450:4001::200e]:8443/x", "https://[2a00:1450:4001::200e]:8443/x"),
]
