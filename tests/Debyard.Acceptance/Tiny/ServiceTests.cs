namespace Debyard.Acceptance.Tiny;

/// <summary>Services of other packages, and the ways to start them.</summary>
[Collection("A published product")]
public sealed class ServiceTests(PublishedProduct published)
{
    [Fact]
    public async Task Memcached_passes_by_tcp_and_command()
    {
        using var product = await published.Product.CopyAsync();
        product.Edit("main/Dockerfile", "Depends: ", "Depends: memcached, ");
        Scenario(
            product,
            """
                    init: systemd
                    units: [memcached.service]
                    port: 11211
                    checks:
                      - { tcp: 11211, send: "version\r\n", expect: "VERSION 1." }
                      - { run: "pgrep memcached || test -e /usr/bin/memcached" }
                      - { units: ok }
            """
        );

        var outcome = await product.RunAsync();

        outcome.Succeeds("memcached.service by systemd", "TCP 11211");
    }

    [Theory]
    [InlineData("systemd")]
    [InlineData("exec")]
    public async Task A_stock_python_web_server_passes(string init)
    {
        using var product = await published.Product.CopyAsync();
        product.MakeUnit("/usr/bin/python3 -m http.server 8080", depends: "python3", settings: "WorkingDirectory=/opt\nDynamicUser=yes");
        product.Edit("debyard.yml", "port: 8080", $"init: {init}\n      port: 8080");
        product.Edit("debyard.yml", "{ get: /health, status: 200, contains: ok }", $"{{ get: /{product.Name}/content, status: 200 }}");

        var outcome = await product.RunAsync();

        outcome.Succeeds(init == "exec" ? $"{product.Name}.service by ExecStart" : $"{product.Name}.service by systemd");
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public async Task A_changed_dependency_of_the_branch_asks_for_a_new_validation()
    {
        using var product = await published.Product.CopyAsync();
        (await product.RunAsync("Publish")).Succeeds("unchanged since");

        product.Edit("debyard.yml", $"version: {TinyProduct.DependencyVersion}", "version: 1.0-2");
        var outcome = await product.RunAsync("Publish");

        outcome.Succeeds("package: install, ");
    }

    [Fact]
    public async Task All_that_a_branch_holds_is_validated_by_the_checks_that_travel_with_it()
    {
        using var product = await published.Product.CopyAsync();

        var outcome = await product.RunAsync("Validate", "--all");

        outcome.Succeeds("streamer-plain", "GET /health", "passed");
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public async Task A_failed_container_is_kept_on_request_and_a_shell_is_not()
    {
        using var product = await published.Product.CopyAsync();
        (await product.RunAsync("Shell", "--package", product.Name)).Succeeds($"{product.Name} is installed in ");

        product.Edit("main/content", "ok\\n", "ko\\n");
        var outcome = await product.RunAsync("Validate", "--keep");

        outcome.Refuses("The container is left running: `docker exec -it ");
        var id = outcome.Output.Split("`docker exec -it ")[1][..12];
        Assert.Contains("content", await Tool.RunAsync("docker", "exec", id, "ls", $"/opt/{product.Name}"), StringComparison.Ordinal);
        await Tool.RunAsync("docker", "rm", "--force", "--volumes", id);
        await product.LeavesNothingAsync(outcome);
    }

    static void Scenario(TinyProduct product, string lines)
    {
        var manifest = File.ReadAllText(product["debyard.yml"]);
        product.Write("debyard.yml", manifest[..manifest.IndexOf("    plain:", StringComparison.Ordinal)] + "    plain:\n" + lines + "\n");
    }
}
