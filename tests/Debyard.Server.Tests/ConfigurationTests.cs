using System.Net;
using Debyard.Repository.Identity;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Debyard.Server.Tests.Access;

namespace Debyard.Server.Tests;

public sealed class ConfigurationTests : IDisposable
{
    readonly TemporaryFolder root = new(),
        outside = new();

    public void Dispose()
    {
        root.Dispose();
        outside.Dispose();
    }

    [Fact]
    public void Without_configuration_it_serves_on_loopback_without_access_control()
    {
        var options = ServerConfiguration.Read(root.Path);

        Assert.Equal(["http://127.0.0.1:8080"], options.Urls);
        Assert.Equal(("main", null, null), (options.Repository.DefaultBranch, options.PublicUrl, options.Access));
        Assert.Equal(new LimitOptions(), options.Limits);
    }

    [Fact]
    public void The_file_is_the_base_and_the_command_line_overrides_it()
    {
        outside.Write("secrets/ci", "0123456789abcdef0123456789-from-a-file\n");
        outside.Write(
            "appsettings.json",
            """
            {
              "Urls": ["http://0.0.0.0:80", "http://[::]:80"],
              "TrustedProxies": ["10.0.0.1"],
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
                  "support": { "Token": "0123456789abcdef0123456789-inline", "Read": "release-*, trunk", "Packages": "lua*" },
                  "admin": { "Hash": "HASH", "Administrator": true }
                },
                "GitLab": { "Url": "https://gitlab.example.org", "Audience": "https://debyard.example.org",
                  "Projects": { "video/streamer": { "Write": ["*"], "Packages": ["streamer*"] }, "video/*": {} }, "Read": ["*"] },
                "Protected": ["release-*"],
                "Private": ["*"]
              },
              "Limits": { "LargestUpload": 1000, "ConcurrentUploads": 3, "RequestsPerSecond": 50 }
            }
            """.Replace("HASH", TokenHash.OfSecret("0123456789abcdef0123456789-hashed").ToString(), StringComparison.Ordinal)
        );

        var options = Read(("DefaultBranch", "stable"), ("PublicUrl", null));

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
        var (admin, ci, support) = (options.Access!.Tokens[0], options.Access.Tokens[1], options.Access.Tokens[2]);
        Assert.Equal(("ci", TokenHash.OfSecret("0123456789abcdef0123456789-from-a-file")), (ci.Name, ci.Hash));
        Assert.Equal(TokenHash.OfSecret("0123456789abcdef0123456789-inline"), support.Hash);
        Assert.Equal(TokenHash.OfSecret("0123456789abcdef0123456789-hashed"), admin.Hash);
        Assert.True(admin.IsAdministrator && !ci.IsAdministrator);
        Assert.Equal([new("lua*")], support.Packages);
        Assert.Equal([IPAddress.Parse("10.0.0.1")], options.TrustedProxies);
        Assert.Equal([new("feature-*"), new("trunk")], ci.Write);
        Assert.Equal([new("release-*"), new("trunk")], support.Read);
        Assert.Empty(ci.Read);
        Assert.Empty(support.Write);
        var projects = options.Access.GitLab!.Projects;
        Assert.True(Writes("feature-x") && Writes("trunk") && !Writes("release-1"));
        Assert.True(Admits("video/streamer") && !Admits("evil/video/streamer"));

        Assert.Equal(["video/*", "video/streamer"], projects.Select(access => access.Projects.Pattern));
        Assert.Null(projects[0].Write);
        Assert.Equal([new("*")], projects[1].Write);
        Assert.Equal([new("streamer*")], projects[1].Packages);

        bool Writes(string branch) => ci.Write.Include(new BranchIdentity(BranchName.Parse(branch), null, [], Exists: false));

        bool Admits(string project) => projects.Any(access => access.Projects.Matches(Project.Parse(project)));
    }

    [Fact]
    public void Environment_variables_override_the_file()
    {
        outside.Write("appsettings.json", """{ "DefaultBranch": "trunk", "StopSeconds": 5 }""");
        // A variable that only this test uses: other tests read the environment at the same time.
        Environment.SetEnvironmentVariable("DEBYARD_StopSeconds", "7");
        try
        {
            Assert.Equal(TimeSpan.FromSeconds(7), Read().StopTimeout);
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
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Write": "*" } } } }""",
        "Access:Tokens:ci needs exactly one of Hash, Token and TokenFile"
    )]
    [InlineData("""{ "Access": { "Tokens": { "ci": { "TokenFile": "missing" } } } }""", "missing does not exist")]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET" } } } }""",
        "Access:Tokens:ci:Token: a token needs at least 32 characters"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET S3CRET S3CRET S3CRET S3CRET" } } } }""",
        "Access:Tokens:ci:Token: a token may contain only printable ASCII"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET-S3CRET-S3CRET-S3CRET-S3CRET", "Write": "feature//*" } } } }""",
        "Access:Tokens:ci:Write: 'feature//*' cannot match a branch"
    )]
    [InlineData("""{ "ReleaseBranches": "release *" }""", "ReleaseBranches: 'release *' cannot match a branch")]
    [InlineData("""{ "Versions": [{ "Branches": "main..", "Count": 1 }] }""", "Versions:0:Branches: 'main..' cannot match a branch")]
    [InlineData(
        """{ "Access": { "GitLab": { "Url": "https://g.example", "Audience": "x", "Projects": "a b" } } }""",
        "Access:GitLab:Projects: 'a b' cannot match a project"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Hash": "S3CRET" } } } }""",
        "Access:Tokens:ci:Hash: a hash has 64 hexadecimal digits"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET-S3CRET-S3CRET-S3CRET-S3CRET", "Packages": "Lua" } } } }""",
        "Access:Tokens:ci:Packages: 'Lua' cannot match a package"
    )]
    [InlineData(
        """{ "Access": { "Tokens": { "ci": { "Token": "S3CRET-S3CRET-S3CRET-S3CRET-S3CRET", "Administrator": "yes" } } } }""",
        "Access:Tokens:ci:Administrator 'yes' is neither true nor false"
    )]
    [InlineData(
        """{ "Access": { "GitLab": { "Url": "https://g.example", "Audience": "x", "Projects": { "a/b": { "Branches": "*" } } } } }""",
        "Unknown setting Access:GitLab:Projects:a/b:Branches;"
    )]
    [InlineData("""{ "TrustedProxies": "proxy" }""", "TrustedProxies: 'proxy' is not an IP address")]
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
        outside.Write("appsettings.json", json);

        var refusal = Assert.Throws<ServerStartException>(() => Read());

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task With_tokens_the_server_listens_on_all_interfaces()
    {
        var access = new AccessOptions { Tokens = [new TestToken("ci").Configured] };

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
        var token = new TestToken("ci").Configured;
        Assert.DoesNotContain(
            new TestToken("ci").Secret,
            $"{token} {new AccessOptions { Tokens = [token] }} "
                + $"{new ServerOptions { Repository = new() { Root = "x" }, Access = new() { Tokens = [token] } }}"
        );
    }

    [Theory]
    [InlineData("appsettings.json")]
    [InlineData("appsettings.Production.json")]
    [InlineData("ci.token")]
    public async Task A_served_folder_that_holds_configuration_or_a_token_stops_the_start(string file)
    {
        root.Write(file, "{}");

        var refusal = await Assert.ThrowsAsync<ServerStartException>(() =>
            RepositoryServer.StartAsync(new ServerOptions { Repository = new() { Root = root.Path } }, default)
        );

        Assert.Contains($"The served folder holds {file}, which a web server", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--config", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, Assert.Throws<ServerStartException>(() => ServerConfiguration.Read(root.Path)).Message);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(root.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_configuration_or_token_file_below_the_served_folder_is_refused_even_behind_a_link()
    {
        var inside = root.Write("branch/settings.json", """{ "Access": {} }""");
        var link = Path.Combine(outside.Path, "link.json");
        File.CreateSymbolicLink(link, inside);
        outside.Write("appsettings.json", $$"""{ "Access": { "Tokens": { "ci": { "TokenFile": "{{inside}}" } } } }""");

        foreach (var file in new[] { inside, link, Path.Combine(outside.Path, "appsettings.json") })
            Assert.Contains(
                "is in the served folder",
                Assert.Throws<ServerStartException>(() => ServerConfiguration.Read(root.Path, file)).Message,
                StringComparison.Ordinal
            );
        Assert.Contains(
            "does not exist",
            Assert.Throws<ServerStartException>(() => ServerConfiguration.Read(root.Path, "/nowhere/appsettings.json")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Tokens_may_also_be_a_list()
    {
        outside.Write(
            "appsettings.json",
            $$"""{ "Access": { "Tokens": [{ "Name": "ci", "Hash": "{{TokenHash.OfSecret(new string('x', 32))}}", "Write": ["*"] }] } }"""
        );

        Assert.Equal(
            ("ci", TokenHash.OfSecret(new string('x', 32))),
            Read().Access!.Tokens.Select(token => (token.Name, token.Hash)).Single()
        );
    }

    [Fact]
    public void Projects_as_a_list_are_only_admitted()
    {
        outside.Write(
            "appsettings.json",
            """{ "Access": { "GitLab": { "Url": "https://g.example", "Audience": "x", "Projects": ["video/*", "web/site"] } } }"""
        );

        Assert.Equal([new(new("video/*")), new(new("web/site"))], Read().Access!.GitLab!.Projects);
    }

    [Fact]
    public void A_created_token_is_long_random_and_matches_its_hash()
    {
        var (secret, hash) = TokenHash.Create();

        Assert.Matches("^debyard_[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal(hash, TokenHash.OfSecret(secret));
        Assert.Equal(hash, TokenHash.Parse(hash.ToString()));
        Assert.NotEqual(secret, TokenHash.Create().Secret);
    }

    ServerOptions Read(params IEnumerable<(string Key, string? Value)> commandLine) =>
        ServerConfiguration.Read(root.Path, Path.Combine(outside.Path, "appsettings.json"), commandLine);
}
