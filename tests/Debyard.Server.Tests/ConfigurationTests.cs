using Debyard.Repository.Identity;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Debyard.Server.Http;

namespace Debyard.Server.Tests;

public sealed class ConfigurationTests : IDisposable
{
    readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void Without_configuration_it_serves_on_loopback_without_access_control()
    {
        var options = ServerConfiguration.Read(root.Path);

        Assert.Equal(["http://127.0.0.1:8080"], options.Urls);
        Assert.Equal(("main", null, null), (options.Repository.DefaultBranch, options.PublicUrl, options.Access));
        Assert.Equal(new LimitOptions(), options.Limits);
    }

    [Fact]
    public void The_file_in_the_root_is_the_base_and_the_command_line_overrides_it()
    {
        root.Write("secrets/ci", "0123456789abcdef-from-a-file\n");
        root.Write(
            "appsettings.json",
            """
            {
              "Urls": ["http://0.0.0.0:80", "http://[::]:80"],
              "PublicUrl": "https://debyard.example.org",
              "DefaultBranch": "trunk",
              "Architectures": ["amd64", "e2k"],
              "ReleaseBranches": ["release-*"],
              "ReplacingBranches": "feature/*, wip-*",
              "Versions": [{ "Branches": "main", "Count": 20, "Days": 90 }, { "Branches": "*", "Count": 3 }],
              "RetentionHours": 48,
              "GraceDays": 30,
              "StopSeconds": 5,
              "Access": {
                "Tokens": {
                  "ci": { "TokenFile": "secrets/ci", "Write": ["feature-*", "trunk"] },
                  "support": { "Token": "0123456789abcdef-inline", "Read": "release-*, trunk" }
                },
                "GitLab": { "Url": "https://gitlab.example.org", "Audience": "https://debyard.example.org",
                  "Projects": ["video/*"], "Read": ["*"] },
                "Protected": ["release-*"],
                "Private": ["*"]
              },
              "Limits": { "LargestUpload": 1000, "ConcurrentUploads": 3, "RequestsPerSecond": 50 }
            }
            """
        );

        var options = ServerConfiguration.Read(root.Path, ("DefaultBranch", "stable"), ("PublicUrl", null));

        Assert.Equal(["http://0.0.0.0:80", "http://[::]:80"], options.Urls);
        Assert.Equal(
            ("stable", new Uri("https://debyard.example.org"), TimeSpan.FromSeconds(5)),
            (options.Repository.DefaultBranch, options.PublicUrl, options.StopTimeout)
        );
        Assert.Equal(["release-*"], options.Repository.ReleaseBranches.Select(pattern => pattern.Pattern));
        Assert.Equal(["feature/*", "wip-*"], options.Repository.ReplacingBranches.Select(pattern => pattern.Pattern));
        Assert.Equal([new(new("main"), 20, TimeSpan.FromDays(90)), new(new("*"), 3)], options.Repository.Versions);
        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromDays(30)), (options.Repository.Retention, options.Repository.Grace));
        Assert.Equal(["amd64", "e2k"], options.Repository.Architectures.Select(architecture => architecture.ToString()));
        Assert.Equal(
            new LimitOptions
            {
                LargestUpload = 1000,
                ConcurrentUploads = 3,
                RequestsPerSecond = 50,
            },
            options.Limits
        );
        var (ci, support) = (options.Access!.Tokens[0], options.Access.Tokens[1]);
        Assert.Equal(("ci", "0123456789abcdef-from-a-file"), (ci.Name, ci.Secret));
        Assert.Equal([new("feature-*"), new("trunk")], ci.Write);
        Assert.Equal([new("release-*"), new("trunk")], support.Read);
        Assert.Empty(ci.Read);
        Assert.Empty(support.Write);
        Assert.True(Writes("feature-x") && Writes("trunk") && !Writes("release-1"));
        Assert.True(Admits("video/streamer") && !Admits("evil/video/streamer"));

        bool Writes(string branch) => ci.Write.Include(BranchName.Parse(branch), null);

        bool Admits(string project) => options.Access.GitLab!.Projects.Any(pattern => pattern.Matches(Project.Parse(project)));
    }

    [Fact]
    public void Environment_variables_override_the_file()
    {
        root.Write("appsettings.json", """{ "DefaultBranch": "trunk", "StopSeconds": 5 }""");
        // A variable that only this test uses: other tests read the environment at the same time.
        Environment.SetEnvironmentVariable("DEBYARD_StopSeconds", "7");
        try
        {
            Assert.Equal(TimeSpan.FromSeconds(7), ServerConfiguration.Read(root.Path).StopTimeout);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DEBYARD_StopSeconds", null);
        }
    }

    [Theory]
    [InlineData("""{ "Acces": {} }""", "Unknown setting Acces;")]
    [InlineData("""{ "Access": { "Token": "S3CRET-S3CRET-S3CRET" } }""", "Unknown setting Access:Token;")]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Secret": "S3CRET-S3CRET-S3CRET" } } } }""",
        "Unknown setting Access:Tokens:ci:Secret;"
    )]
    [InlineData("""{ "Access": { "Tokens": { "ci": { "Write": "*" } } } }""", "Access:Tokens:ci needs either Token or TokenFile")]
    [InlineData("""{ "Access": { "Tokens": { "ci": { "TokenFile": "missing" } } } }""", "Access:Tokens:ci:TokenFile")]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET" } } } }""",
        "Access:Tokens:ci:Token: a token needs at least 16 characters"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET S3CRET S3CRET" } } } }""",
        "Access:Tokens:ci:Token: a token may contain only printable ASCII"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET-S3CRET-S3CRET", "Write": "feature//*" } } } }""",
        "Access:Tokens:ci:Write: 'feature//*' cannot match a branch"
    )]
    [InlineData("""{ "ReleaseBranches": "release *" }""", "ReleaseBranches: 'release *' cannot match a branch")]
    [InlineData("""{ "Versions": [{ "Branches": "main..", "Count": 1 }] }""", "Versions:0:Branches: 'main..' cannot match a branch")]
    [InlineData(
        """{ "Access": { "GitLab": { "Url": "https://g.example", "Audience": "x", "Projects": "a b" } } }""",
        "Access:GitLab:Projects: 'a b' cannot match a project"
    )]
    [InlineData("""{ "Access": { "Private": "*" } }""", "Access has neither Tokens nor GitLab")]
    [InlineData("""{ "Access": { "GitLab": { "Url": "https://g.example", "Audience": "x" } } }""", "Access:GitLab:Projects is missing")]
    [InlineData(
        """{ "Access": { "GitLab": { "Url": "http://g.example", "Audience": "x", "Projects": "*" } } }""",
        "Access:GitLab:Url: http://g.example/ is not an https address"
    )]
    [InlineData("""{ "Access": { "GitLab": { "Audience": "x", "Projects": "*" } } }""", "Access:GitLab:Url is missing")]
    [InlineData("""{ "Access": { "GitLab": { "Url": "https://g.example", "Projects": "*" } } }""", "Access:GitLab:Audience is missing")]
    [InlineData("""{ "Limits": { "LargestUpload": "8 GB" } }""", "Limits:LargestUpload '8 GB' is not a number")]
    [InlineData("""{ "Limits": { "ConcurrentUploads": 0 } }""", "Limits:ConcurrentUploads '0' is not a number")]
    [InlineData("""{ "Limits": { "Uploads": 1 } }""", "Unknown setting Limits:Uploads;")]
    [InlineData("""{ "PublicUrl": "debyard" }""", "PublicUrl 'debyard' is not an http")]
    [InlineData("""{ "Architectures": "amd_64" }""", "Architectures: ")]
    [InlineData("""{ "StopSeconds": """, "appsettings.json")]
    public void A_mistake_is_reported_with_its_key_and_without_secrets(string json, string message)
    {
        root.Write("appsettings.json", json);

        var refusal = Assert.Throws<ServerStartException>(() => ServerConfiguration.Read(root.Path));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task With_tokens_the_server_listens_on_all_interfaces()
    {
        var access = new AccessOptions { Tokens = [new AccessToken("ci", "0123456789abcdef")] };

        await using var server = await RepositoryServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = root.Path },
                Urls = ["http://0.0.0.0:0"],
                Access = access,
            },
            default
        );

        using var http = new HttpClient();
        Assert.Equal("ok\n", await http.GetStringAsync($"http://127.0.0.1:{server.Url.Port}/healthz"));
    }

    [Fact]
    public void Printing_options_does_not_show_tokens()
    {
        var token = new AccessToken("ci", "0123456789abcdef");
        Assert.DoesNotContain(
            token.Secret,
            $"{token} {new AccessOptions { Tokens = [token] }} "
                + $"{new ServerOptions { Repository = new() { Root = "x" }, Access = new() { Tokens = [token] } }}"
        );
    }
}
