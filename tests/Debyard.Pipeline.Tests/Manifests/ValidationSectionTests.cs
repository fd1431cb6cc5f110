using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Tests.Manifests;

/// <summary>The <c>validation</c> section: what is read, and its mistakes with their places.</summary>
public sealed class ValidationSectionTests
{
    [Fact]
    public void Every_key_of_a_plan_is_read()
    {
        var plan = Read(
            """
            validation:
              base: bookworm
              install: [player]
              init: exec
              life:
                upgrade: true
                data: [/var/lib/player]
                configuration: { /etc/player.conf: player/player.conf }
                downgrade: refused
                leftovers: /var/log/player/**
              scenarios:
                one:
                  files: { /etc/player.conf: player/player.conf }
                  environment: { LICENCE_KEY: "${LICENCE_KEY}" }
                  units: [player.service]
                  install: [other-package]
                  timeout: 2m
                  checks: [ { log: player.service, contains: ready, within: 500ms, timeout: 3s, name: it is ready } ]
                two:
                  start: { web: "player {port}", worker: player --work }
                  checks: [ { http: POST /a }, { tcp: "{port}", send: '\x00\r', expect-hex: 0A ff }, { log: worker } ]
            """
        );

        Assert.Equal((Init.Exec, Downgrade.Refused), (plan.Init, plan.Life!.Downgrade));
        Assert.Equal(["/var/lib/player", "/var/log/player/**"], plan.Life.Data.Concat(plan.Life.Leftovers));
        Assert.Equal(["player/player.conf"], plan.SourceFiles);
        var (one, two) = (plan.Scenarios[0], plan.Scenarios[1]);
        Assert.Equal((Init.Exec, Init.None), (one.Init, two.Init));
        Assert.Equal(["player.service", "other-package", "${LICENCE_KEY}"], [.. one.Units, .. one.Install, .. one.Environment.Values]);
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30)), (one.Timeout, two.Timeout));
        var log = Assert.IsType<LogCheck>(one.Checks.Single());
        Assert.Equal(("it is ready", "log player.service", 32), (log.Title, log.Asked, log.Line));
        Assert.Equal((TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3)), (log.Within, log.Timeout));
        Assert.Equal([new StartCommand("web", "player {port}"), new StartCommand("worker", "player --work")], two.Start);
        Assert.Equal(("POST", "/a"), Assert.IsType<HttpCheck>(two.Checks[0]) is var http ? (http.Method, http.Path) : default);
        Assert.Equal(("000d", "0aff"), Assert.IsType<TcpCheck>(two.Checks[1]) is var tcp ? (tcp.Send, tcp.Expect) : default);
    }

    [Theory]
    [InlineData("{ ¦gte: / }", "a check has no key 'gte'; did you mean 'get'?")]
    [InlineData("{ }", "a check needs one of get, http, tcp, listening, run, file, log, units")]
    [InlineData("{ get: /, ¦contians: a }", "an HTTP check has no key 'contians'; did you mean 'contains'?")]
    [InlineData("{ get: /, ¦run: a }", "an HTTP check has no key 'run'; ")]
    [InlineData("{ get: ¦/, http: / }", "'get' and 'http' exclude each other")]
    [InlineData("{ http: ¦post it }", "'post it' is not a request such as 'POST /items'")]
    [InlineData("{ get: /, matches: ¦'(a' }", "invalid regular expression: ")]
    [InlineData("{ get: /, response-headers: { A: { matches: ¦'[' } } }", "invalid regular expression: ")]
    [InlineData("{ get: /, json: { ¦'$.a[': 1 } }", "invalid JSON path '$.a[': ")]
    [InlineData("{ get: /, json: { $.a: { equals: ¦{ b: 1 } } } }", "compare the members of an object one by one, each with a path")]
    [InlineData("{ get: /, json: { $.a: { exists: ¦false, equals: 1 } } }", "what must not exist has nothing else to check")]
    [InlineData("{ get: /, body: a, body-file: ¦player/player.conf }", "'body' and 'body-file' exclude each other")]
    [InlineData("{ get: /, body-file: ¦../secret }", "../secret is outside the manifest's folder")]
    [InlineData("{ get: /, range: ¦9-1 }", "'9-1' is not a range of bytes, such as 0-187, 188- or -188")]
    [InlineData("{ get: /, follow: true, redirect: ¦/a }", "'redirect' checks the redirect itself, and 'follow' what it leads to")]
    [InlineData("{ get: /, address: ¦localhost }", "'localhost' is not an IP address, such as 127.0.0.1 or ::1")]
    [InlineData("{ get: /, tls: { ca: ¦no.pem } }", "there is no file no.pem")]
    [InlineData("{ get: /, tls: { ca: player/player.conf, insecure: ¦true } }", "'insecure' accepts any certificate: leave out 'ca'")]
    [InlineData("{ get: /, timeout: ¦30 }", "'timeout' must be a duration such as 500ms, 30s or 2m, at most 60m")]
    [InlineData("{ get: /, within: ¦61m }", "'within' must be a duration such as 500ms, 30s or 2m, at most 60m")]
    [InlineData("{ tcp: ¦{port} }", "'tcp' must be a port number, or \"{port}\" in quotes")]
    [InlineData("{ tcp: ¦70000 }", "'tcp' must be a number from 1 to 65535")]
    [InlineData("{ tcp: 1, send: ¦'\\q' }", "'send' has an invalid escape: use \\r, \\n, \\t, \\0, \\e, \\\\ or \\xFF")]
    [InlineData("{ tcp: 1, send-hex: ¦0 }", "'send-hex' must be pairs of hexadecimal digits, such as 0d 0a")]
    [InlineData("{ tcp: 1, expect: a, expect-hex: ¦00 }", "'expect-hex' and 'expect' exclude each other")]
    [InlineData("{ file: ¦etc }", "'etc' must be an absolute path in the container")]
    [InlineData("{ file: /a, mode: ¦0888 }", "'0888' is not a file mode in octal, such as 0644")]
    [InlineData("{ file: /a, absent: ¦yes }", "'absent' must be true or false")]
    [InlineData("{ file: /a, absent: ¦true, owner: root }", "a file that must be absent has nothing else to check")]
    [InlineData("{ log: servce }", "'log' cannot be 'servce'; did you mean 'service'?")]
    [InlineData("{ units: ok }", "'units: ok' needs 'init: systemd'")]
    [InlineData("{ run: }", "'run' is empty")]
    [InlineData("ready", "a check must be a mapping of keys to values")]
    public void A_mistake_in_a_check_is_named_with_its_place(string check, string message) =>
        AssertMistake($"{{ start: a, port: 1, checks: [{(check.Contains(Place) ? "" : Place)}{check}] }}", message);

    [Theory]
    [InlineData(
        "{ start: a, checks: [¦{ get: / }] }",
        "this check needs a port: set 'port', here or for the scenario, or put {port} into 'start'"
    )]
    [InlineData("{ start: a, checks: [¦{ tcp: \"{port}\" }] }", "this check needs a port: ")]
    [InlineData("{ init: systemd, start: ¦a, checks: [{ run: a }] }", "'start' needs 'init: none'; otherwise the packages' units start")]
    [InlineData("¦{ init: none, port: 1, checks: [{ get: / }] }", "'plain' lacks 'start', because 'init: none' starts nothing by itself")]
    [InlineData("{ start: a, units: ¦[a.service], checks: [{ run: a }] }", "'units' needs 'init: systemd' or 'init: exec'")]
    [InlineData("{ units: ¦player, checks: [{ run: a }] }", "'player' is not a unit of systemd, such as streamer.service")]
    [InlineData("{ init: ¦sytemd, checks: [{ run: a }] }", "'init' cannot be 'sytemd'; did you mean 'systemd'?")]
    [InlineData("{ environment: { ¦A-B: x }, checks: [{ run: a }] }", "'A-B' is not a valid name of an environment variable")]
    [InlineData("{ install: [¦Other], checks: [{ run: a }] }", "'Other' is not a valid package name: ")]
    [InlineData("{ files: { ¦etc: player/player.conf }, checks: [{ run: a }] }", "'etc' must be an absolute path in the container")]
    [InlineData("{ start: a, checks: ¦{ run: a } }", "'checks' must be a list")]
    [InlineData("¦{ start: a }", "'plain' lacks 'checks'")]
    [InlineData("{ init: systemd, checks: [{ units: ¦all }] }", "'units' can only be 'ok', not 'all': no unit has failed")]
    public void A_mistake_in_a_scenario_is_named_with_its_place(string scenario, string message) => AssertMistake(scenario, message);

    [Theory]
    [InlineData("{ start: 'a {port}', checks: [{ get: / }] }")]
    [InlineData("{ start: a, environment: { PORT: '{port}' }, checks: [{ get: / }] }")]
    [InlineData("{ start: a, files: { /etc/player.conf: player/player.conf }, checks: [{ get: / }] }")]
    [InlineData("{ start: a, checks: [{ get: /, port: 8080 }, { tcp: 1 }, { listening: 1 }, { run: a }] }")]
    public void A_check_has_a_port_if_the_scenario_or_the_check_gives_one(string scenario) =>
        Assert.Empty(Mistakes($"    plain: {scenario}"));

    [Fact]
    public void What_an_upgrade_must_keep_needs_an_upgrade()
    {
        var plan = "validation: { base: bookworm, install: player, life: { data: /var/lib/player, downgrade: maybe } }";

        Assert.Equal(
            [
                "debyard.yml:15:62: what an upgrade must keep needs 'upgrade: true'",
                "debyard.yml:15:90: 'downgrade' cannot be 'maybe'; valid: refused, works",
            ],
            Lines(() => Read(plan))
        );
    }

    [Fact]
    public void All_mistakes_of_all_checks_are_shown_at_once() =>
        Assert.Equal(
            3,
            Mistakes("    plain: { start: a, port: 1, checks: [{ get: /, matches: '(' }, { rum: a }, { tcp: 1, sent: a }] }").Count
        );

    // Where the mistake is in a scenario's text.
    const char Place = '¦';

    static void AssertMistake(string scenario, string message)
    {
        const string Name = "    plain: ";
        Assert.StartsWith(
            $"debyard.yml:19:{Name.Length + scenario.IndexOf(Place) + 1}: {message}",
            Assert.Single(Mistakes(Name + scenario.Replace($"{Place}", "", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
    }

    static IReadOnlyList<string> Mistakes(string scenario) =>
        Lines(() => Read($"validation:\n  base: bookworm\n  install: [player]\n  scenarios:\n{scenario}\n"));

    static IReadOnlyList<string> Lines(Func<ValidationPlan> read)
    {
        try
        {
            read();
            return [];
        }
        catch (ManifestException exception)
        {
            return exception.Message.Split('\n');
        }
    }

    static ValidationPlan Read(string section)
    {
        using var workspace = new Workspace();
        var others = Workspace.Manifest[..Workspace.Manifest.IndexOf("validation:", StringComparison.Ordinal)];
        return ManifestReader.Parse(others + section, workspace.ManifestFile, "debyard.yml").Validation!;
    }
}
