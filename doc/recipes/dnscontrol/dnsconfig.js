// DNSControl writes its zones into files, which are judged before they go to a
// provider:
//
//	dnscontrol push --providers files
//	unbound-mailauth lint zones/
var REG_NONE = NewRegistrar("none");
var FILES = NewDnsProvider("files", {
    "default_soa": {
        "master": "ns1.example.net.", "mbox": "hostmaster.example.com.",
        "refresh": 7200, "retry": 3600, "expire": 1209600, "minttl": 3600
    }
});

D("example.com", REG_NONE, DnsProvider(FILES),
    NAMESERVER("ns1.example.net."),
    MX("@", 10, "mail.example.com."),
    A("mail", "198.51.100.25"),
    TXT("@", "v=spf1 mx -al"),
    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc@example.com")
);
