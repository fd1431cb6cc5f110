namespace Debyard.Acceptance.Tiny;

/// <summary>A package with a service that is broken in one way; the validation names that way, in the table and in JUnit.</summary>
[Collection("A published product")]
public sealed class PackageDefectTests(PublishedProduct published)
{
    [Fact]
    public async Task A_service_started_by_systemd_passes_and_its_package_leaves_nothing()
    {
        using var product = await ProductAsync();

        var outcome = await product.RunAsync();

        outcome.Succeeds($"{product.Name}.service enabled and started by the packages", $"{product.Name}.service by systemd");
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public Task A_postinst_that_fails() =>
        FailsAsync(
            product => product.Edit("main/postinst", "set -e\n", "echo no disk; exit 3\n"),
            "package: The packages cannot be installed: the postinst of ",
            "failed with exit code 3",
            "| no disk"
        );

    [Fact]
    public Task A_question_to_the_administrator() =>
        FailsAsync(
            product =>
            {
                product.Write(
                    "main/config",
                    $"#!/bin/sh\n. /usr/share/debconf/confmodule\ndb_input high {product.Name}/port || true\ndb_go\n"
                );
                product.Write("main/templates", $"Template: {product.Name}/port\nType: string\nDescription: Port?\n");
                product.Edit("main/postinst", "set -e\n", "set -e\n. /usr/share/debconf/confmodule\n");
                product.Edit("main/Dockerfile", "COPY postinst ", "COPY config templates postinst ");
            },
            "package: The packages ask a question: "
        );

    [Fact]
    public Task Files_that_a_purge_leaves() =>
        FailsAsync(
            product => product.Edit("main/postinst", "set -e\n", "set -e\ntouch /var/log/left-behind.log\n"),
            "package: The purge is not complete: left: /var/log/left-behind.log. Remove it in the postrm"
        );

    [Fact]
    public Task A_user_that_a_purge_leaves() =>
        FailsAsync(
            product => product.Edit("main/postinst", "set -e\n", "set -e\nid left >/dev/null 2>&1 || useradd --system left\n"),
            "package: The purge is not complete: left: user left"
        );

    [Fact]
    public Task A_unit_that_systemd_cannot_load() =>
        FailsAsync(product => product.Edit("main/unit", "ExecStart=/usr", "ExecStart=usr"), ".service is broken, systemd cannot load it");

    [Fact]
    public Task A_program_that_is_not_there() =>
        FailsAsync(
            product => product.Edit("main/unit", "/usr/bin/perl", "/usr/bin/ruby"),
            ".service failed: exit code 203, its ExecStart cannot be executed"
        );

    [Fact]
    public Task A_service_that_dies_at_its_start() =>
        FailsAsync(
            product => product.Edit("main/content", "$| = 1;", "die \"no licence for the moon\\n\";"),
            ".service failed: exit code",
            "| no licence for the moon"
        );

    [Fact]
    public Task A_service_that_dies_midway() =>
        FailsAsync(
            product => product.Edit("main/content", "close $client;", "close $client; exit 4;"),
            "plain: ",
            ".service failed: exit code 4"
        );

    [Fact]
    public Task A_service_that_is_never_ready() =>
        FailsAsync(
            product => product.Edit("main/unit", "[Install]", "Type=notify\nTimeoutStartSec=2\n[Install]"),
            ".service failed: it did not report to be ready in time"
        );

    [Fact]
    public Task A_service_that_listens_elsewhere() =>
        FailsAsync(
            product =>
            {
                product.Edit("main/unit", "content 8080", "content 8081");
                product.Edit("debyard.yml", "port: 8080", "port: 8080\n      timeout: 3s");
            },
            "plain: GET /health: expected ",
            "8081"
        );

    [Fact]
    public Task An_upgrade_that_loses_data() =>
        FailsAsync(
            async product =>
            {
                product.Edit("main/postinst", "set -e\n", "set -e\nmkdir -p /var/lib/kept\n");
                product.Edit("main/postrm", "#!/bin/sh\n", "#!/bin/sh\n[ \"$1\" != purge ] || rm -rf /var/lib/kept\n");
                // Without git, only the number before the plus sign orders two versions.
                product.Edit("debyard.yml", "version: 1.0, architecture", "version: 2.0, architecture");
                (await product.RunAsync()).Succeeds("Build succeeded");
                product.Edit("main/postinst", "mkdir -p /var/lib/kept\n", "rm -rf /var/lib/kept; mkdir -p /var/lib/kept\n");
                product.Edit("debyard.yml", "version: 2.0, architecture", "version: 3.0, architecture");
                product.Edit("debyard.yml", "scenarios:", "life: { upgrade: true, data: [/var/lib/kept] }\n  scenarios:");
            },
            "upgrade: The upgrade loses data: /var/lib/kept/.debyard-kept is gone"
        );

    [Fact]
    public async Task An_architecture_that_cannot_run()
    {
        using var product = await published.Product.CopyAsync();

        (await product.RunAsync("Pipeline", "--emulate", "e2k")).Refuses("--emulate e2k: the run does not build for e2k");
    }

    async Task<TinyProduct> ProductAsync()
    {
        var product = await published.Product.CopyAsync();
        product.MakeUnit($"/usr/bin/perl /opt/{product.Name}/content 8080");
        return product;
    }

    Task FailsAsync(Action<TinyProduct> spoil, params string[] saying) =>
        FailsAsync(
            product =>
            {
                spoil(product);
                return Task.CompletedTask;
            },
            saying
        );

    async Task FailsAsync(Func<TinyProduct, Task> spoil, params string[] saying)
    {
        using var product = await ProductAsync();
        await spoil(product);
        var before = product.Published;

        var outcome = await product.RunAsync();

        outcome.Refuses(["Validation failed, nothing is published. ", .. saying]);
        Assert.Equal(before, product.Published);
        var quarantine = Assert.Single(Directory.GetDirectories(product["output/quarantine"]));
        Assert.Contains("<failure", File.ReadAllText($"{quarantine}/junit.xml"), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(quarantine, "*.deb"));
        await product.LeavesNothingAsync(outcome);
    }
}
