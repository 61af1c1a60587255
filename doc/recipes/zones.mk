# A rule of make: zones are published when they have no failure.
#
#	include zones.mk
#	publish: zones.ok
#
# Names of zones are those of their files.
MAILAUTH = unbound-mailauth
ZONES = $(wildcard zones/*.zone)

zones.ok: $(ZONES)
	$(MAILAUTH) lint --verdict-on fail $(ZONES)
	touch $@
