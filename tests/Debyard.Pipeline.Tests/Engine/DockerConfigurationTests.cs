using System.Text;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Tests.Engine;

public sealed class DockerConfigurationTests : IDisposable
{
    const string Registry = "registry.example.com";

    static readonly RegistryCredentials anonymous = new();

    readonly TemporaryFolder folder = new();

    readonly string pathBefore = Environment.GetEnvironmentVariable("PATH")!;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", pathBefore);
        folder.Dispose();
    }

    [Fact]
    public async Task Without_a_configuration_the_user_is_anonymous() => Assert.Equal(anonymous, await FindAsync(Registry));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "auths": {}, "credHelpers": {}, "currentContext": "default" }""")]
    [InlineData("""{ "auths": { "other.example.com": { "auth": "dTpw" } } }""")]
    public async Task Without_a_login_for_the_registry_the_user_is_anonymous(string configuration) =>
        Assert.Equal(anonymous, await FindAsync(Registry, configuration));

    [Theory]
    [InlineData(Registry, Registry)]
    [InlineData("registry.example.com:5000", "registry.example.com:5000")]
    [InlineData("https://registry.example.com/v2/", Registry)]
    [InlineData("http://registry.example.com", Registry)]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    public async Task A_login_is_user_and_password_in_base64(string key, string registry)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes("ürsula:pass:word"));
        Assert.Equal(
            new RegistryCredentials("ürsula", "pass:word"),
            await FindAsync(registry, $$"""{ "auths": { "{{key}}": { "auth": "{{auth}}" } } }""")
        );
    }

    [Theory]
    [InlineData("docker.io")]
    [InlineData("index.docker.io")]
    public async Task Docker_Hub_is_known_by_one_key_alone(string key) =>
        Assert.Equal(anonymous, await FindAsync("docker.io", $$"""{ "auths": { "{{key}}": { "auth": "dTpw" } } }"""));

    [Fact]
    public async Task A_login_can_be_an_identity_token() =>
        Assert.Equal(
            new RegistryCredentials(IdentityToken: "t0ken"),
            await FindAsync(Registry, $$"""{ "auths": { "{{Registry}}": { "identitytoken": "t0ken" } } }""")
        );

    [Fact]
    public async Task A_store_is_asked_for_the_registry_and_the_file_is_not()
    {
        Helper(
            "store",
            """read -r server; printf '{"ServerURL":"%s","Username":"%s of %s","Secret":"s3cret"}' "$server" "$1" "$server" """
        );
        Assert.Equal(
            new RegistryCredentials($"get of {Registry}", "s3cret"),
            await FindAsync(Registry, $$"""{ "credsStore": "{{Name("store")}}", "auths": { "{{Registry}}": { "auth": "dTpw" } } }""")
        );
        Assert.Equal(
            "get of https://index.docker.io/v1/",
            (await FindAsync("docker.io", $$"""{ "credsStore": "{{Name("store")}}" }""")).Username
        );
    }

    [Fact]
    public async Task A_registrys_own_helper_comes_before_the_store()
    {
        Helper("own", """echo '{"Username":"own","Secret":"s"}'""");
        var configuration = $$"""{ "credsStore": "missing", "credHelpers": { "{{Registry}}": "{{Name("own")}}" } }""";
        Assert.Equal(new RegistryCredentials("own", "s"), await FindAsync(Registry, configuration));
    }

    [Fact]
    public async Task A_helper_can_answer_with_an_identity_token()
    {
        Helper("token", """echo '{"Username":"<token>","Secret":"t0ken"}'""");
        Assert.Equal(
            new RegistryCredentials(IdentityToken: "t0ken"),
            await FindAsync(Registry, $$"""{ "credsStore": "{{Name("token")}}" }""")
        );
    }

    [Fact]
    public async Task A_helper_that_knows_no_login_leaves_the_user_anonymous()
    {
        Helper("empty", "echo 'credentials not found in native keychain'; exit 1");
        Assert.Equal(anonymous, await FindAsync(Registry, $$"""{ "credsStore": "{{Name("empty")}}" }"""));
    }

    [Fact]
    public async Task A_helper_that_fails_is_a_problem_and_no_exception()
    {
        Helper("locked", "echo 'the keychain is locked'; exit 1");
        Assert.Equal(
            $"docker-credential-{Name("locked")} failed with exit code 1: the keychain is locked ({File} names it)",
            (await FindAsync(Registry, $$"""{ "credsStore": "{{Name("locked")}}" }""")).Problem
        );
    }

    [Fact]
    public async Task A_helper_that_answers_nonsense_is_a_problem_without_its_answer()
    {
        Helper("nonsense", "echo 's3cret, but no JSON'");
        var problem = (await FindAsync(Registry, $$"""{ "credsStore": "{{Name("nonsense")}}" }""")).Problem;
        Assert.StartsWith($"docker-credential-{Name("nonsense")} did not answer with JSON", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_is_not_installed_is_a_problem() =>
        Assert.StartsWith(
            $"docker-credential-{Name("missing")} cannot be started: ",
            (await FindAsync(Registry, $$"""{ "credsStore": "{{Name("missing")}}" }""")).Problem,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{ broken")]
    [InlineData("""{ "auths": { "registry.example.com": { "auth": "not base64!" } } }""")]
    [InlineData("""{ "auths": { "registry.example.com": { "auth": "bm8gY29sb24=" } } }""")]
    public async Task A_configuration_that_cannot_be_read_is_a_problem_that_names_the_file(string configuration) =>
        Assert.StartsWith($"{File} cannot be read: ", (await FindAsync(Registry, configuration)).Problem, StringComparison.Ordinal);

    [Fact]
    public async Task A_helper_that_hangs_is_ended_when_the_call_is_cancelled()
    {
        var started = folder["started"];
        Helper("hangs", $"echo $$ > {started}.new; mv {started}.new {started}; exec sleep 600");
        using var cancel = new CancellationTokenSource();
        var found = FindAsync(Registry, $$"""{ "credsStore": "{{Name("hangs")}}" }""", cancel.Token);
        while (!System.IO.File.Exists(started) && !found.IsCompleted)
        {
            await Task.Yield();
        }
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => found);
        Assert.False(Directory.Exists($"/proc/{System.IO.File.ReadAllText(started).Trim()}"));
    }

    string File => folder["config.json"];

    // The helper is found on PATH, which all tests of this process share, so its name is of this test alone.
    string Name(string helper) => $"{helper}-{Path.GetFileName(folder.Path)}";

    void Helper(string name, string script)
    {
        var path = folder.Write($"bin/docker-credential-{Name(name)}", $"#!/bin/sh\n{script}\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{pathBefore}:{Path.GetDirectoryName(path)}");
    }

    Task<RegistryCredentials> FindAsync(string registry, string? configuration = null, CancellationToken cancellation = default)
    {
        if (configuration is not null)
        {
            folder.Write("config.json", configuration);
        }
        return new DockerConfiguration(File).FindAsync(registry, cancellation);
    }
}
