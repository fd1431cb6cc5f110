using System.Net;
using System.Net.Http.Headers;
using Debyard.Server.Configuration;
using Debyard.Server.Http;

namespace Debyard.Server.Tests.Access;

/// <summary>
/// Tests every route with every kind of caller. <c>secret-*</c> is private: <c>secret-s</c> exists, <c>secret-none</c> does not, and
/// callers without access cannot tell them apart. <c>secret-new</c> exists once it was written, so the order of the rows does not matter.
/// </summary>
public sealed class WhoMayDoWhatTests(WhoMayDoWhatTests.AsksEverybody fixture) : IClassFixture<WhoMayDoWhatTests.AsksEverybody>
{
    /// <summary>Route, request, and the answer to each of <see cref="callers"/>; <c>ok</c> is any 2xx.</summary>
    const string Table = """
        route                             request                                stranger  wrong  reader  writer  job  all
        GET /                             GET /                                  ok        401    ok      ok      ok   ok
        GET /healthz                      GET /healthz                           ok        ok     ok      ok      ok   ok
        GET /readyz                       GET /readyz                            ok        ok     ok      ok      ok   ok
        * {*path:nonfile}                 GET /nothing                           404       404    404     404     404  404
        * {*path:nonfile}                 DELETE /main/                          404       404    404     404     404  404

        GET /{branch}.sources             GET /main.sources                      ok        401    ok      ok      ok   ok
        GET /{branch}.sources             GET /secret-s.sources                  404       401    ok      404     404  ok
        GET /{branch}.sources             GET /secret-none.sources               404       401    404     404     404  404
        GET /{branch}/dists/{**path}      GET /main/dists/stable/InRelease       ok        401    ok      ok      ok   ok
        GET /{branch}/dists/{**path}      GET /secret-s/dists/stable/InRelease   404       401    ok      404     404  ok
        GET /{branch}/dists/{**path}      HEAD /secret-s/dists/stable/InRelease  404       401    ok      404     404  ok
        GET /{branch}/pool/{**path}       GET /main/POOL                         ok        401    ok      ok      ok   ok
        GET /{branch}/pool/{**path}       GET /secret-s/POOL                     404       401    ok      404     404  ok
        GET /{branch}/{file}.deb          GET /main/FILE                         ok        401    ok      ok      ok   ok
        GET /{branch}/{file}.deb          GET /secret-s/FILE                     404       401    ok      404     404  ok
        GET /{branch}/{file}.deb          GET /secret-none/FILE                  404       401    404     404     404  404

        GET /{branch}/{file}.deb          PROBE /main/FILE                       401       401    403     403     403  ok
        GET /{branch}/{file}.deb          PROBE /feature-x/FILE                  401       401    403     ok      ok   ok
        GET /{branch}/{file}.deb          PROBE /feature-y/FILE                  401       401    403     ok      403  ok
        GET /{branch}/{file}.deb          PROBE /secret-s/FILE                   401       401    403     403     403  ok
        GET /{branch}/{file}.deb          PROBE /secret-new/FILE                 401       401    403     403     403  ok
        PUT /{branch}/{file}.deb          PUT /main/FILE                         401       401    403     403     403  ok
        PUT /{branch}/{file}.deb          PUT /feature-x/FILE                    401       401    403     ok      ok   ok
        PUT /{branch}/{file}.deb          PUT /secret-s/FILE                     401       401    403     403     403  ok
        PUT /{branch}/{file}.deb          PUT /secret-new/FILE                   401       401    403     403     403  ok
        PUT /{branch}/{file}.udeb         PUT /main/xx_1_amd64.udeb              401       401    403     403     403  422
        DELETE /{branch}/{file}.deb       DELETE /main/xx_1_amd64.deb            401       401    403     403     403  404
        DELETE /{branch}/{file}.deb       DELETE /feature-x/xx_1_amd64.deb       401       401    403     404     404  404
        POST /{branch}/                   POST /main/ {}                         401       401    403     403     403  ok
        POST /{branch}/                   POST /feature-x/ {}                    401       401    403     ok      ok   ok
        POST /{branch}/                   POST /secret-s/ {}                     401       401    403     403     403  ok

        GET /{branch}/{file}.changes            GET /main/CHANGES                      ok    401   ok    ok    ok    ok
        GET /{branch}/{file}.changes            HEAD /main/CHANGES                     ok    401   ok    ok    ok    ok
        GET /{branch}/{file}.changes            GET /secret-s/CHANGES                  404   401   ok    404   404   ok
        GET /{branch}/{file}.changes            GET /secret-none/CHANGES               404   401   404   404   404   404
        PUT /{branch}/{file}.changes            PUT /main/CHANGES CHANGES              401   401   403   403   403   ok
        PUT /{branch}/{file}.changes            PUT /feature-x/CHANGES CHANGES         401   401   403   ok    ok    ok
        PUT /{branch}/{file}.changes            PUT /secret-s/CHANGES CHANGES          401   401   403   403   403   ok
        GET /{branch}/{file}.buildinfo          GET /main/BUILDINFO                    ok    401   ok    ok    ok    ok
        GET /{branch}/{file}.buildinfo          HEAD /main/BUILDINFO                   ok    401   ok    ok    ok    ok
        GET /{branch}/{file}.buildinfo          GET /secret-s/BUILDINFO                404   401   ok    404   404   ok
        GET /{branch}/{file}.buildinfo          GET /secret-none/BUILDINFO             404   401   404   404   404   404
        PUT /{branch}/{file}.buildinfo          PUT /main/BUILDINFO BUILDINFO          401   401   403   403   403   ok
        PUT /{branch}/{file}.buildinfo          PUT /feature-x/BUILDINFO BUILDINFO     401   401   403   ok    ok    ok
        PUT /{branch}/{file}.buildinfo          PUT /secret-s/BUILDINFO BUILDINFO      401   401   403   403   403   ok
        PUT /{branch}/{file}.dsc                PUT /main/xx_1.dsc                     401   401   403   403   403   422
        PUT /{branch}/{file}.diff.gz            PUT /main/xx_1.diff.gz                 401   401   403   403   403   422
        PUT /{branch}/{file}.tar.{compression}  PUT /main/xx_1.orig.tar.xz                            401   401   403   403   403   422

        GET /{branch}/rpm/{**path}              GET /main/rpm/debyard.repo             ok    401   ok    ok    ok    ok
        GET /{branch}/rpm/{**path}              GET /main/rpm/repodata/repomd.xml      ok    401   ok    ok    ok    ok
        GET /{branch}/rpm/{**path}              HEAD /main/rpm/repodata/repomd.xml     ok    401   ok    ok    ok    ok
        GET /{branch}/rpm/{**path}              GET /secret-s/rpm/mirrorlist           404   401   ok    404   404   ok
        GET /{branch}/rpm/{**path}              GET /secret-s/rpm/repodata/repomd.xml  404   401   ok    404   404   ok
        GET /{branch}/rpm/{**path}              GET /secret-none/rpm/debyard.repo      404   401   404   404   404   404
        PUT /{branch}/rpm/{file}.rpm            PUT /main/rpm/RPM RPM                  401   401   403   403   403   ok
        PUT /{branch}/rpm/{file}.rpm            PUT /feature-x/rpm/RPM RPM             401   401   403   ok    ok    ok
        PUT /{branch}/rpm/{file}.rpm            PUT /secret-s/rpm/RPM RPM              401   401   403   403   403   ok
        POST /{branch}/rpm/                     POST /main/rpm/ {}                     401   401   403   403   403   ok
        POST /{branch}/rpm/                     POST /feature-x/rpm/ {}                401   401   403   ok    ok    ok
        POST /{branch}/rpm/                     POST /secret-s/rpm/ {}                 401   401   403   403   403   ok
        DELETE /{branch}/rpm/{file}.rpm         DELETE /main/rpm/xx-1-1.noarch.rpm     401   401   403   403   403   404
        DELETE /{branch}/rpm/{file}.rpm         DELETE /feature-x/rpm/xx-1-1.noarch.rpm  401  401  403  404   404   404

        GET /api/branches                 GET /api/branches                      ok        401    ok      ok      ok   ok
        GET /api/branches/{branch}        GET /api/branches/main                 ok        401    ok      ok      ok   ok
        GET /api/branches/{branch}        GET /api/branches/secret-s             404       401    ok      404     404  ok
        GET /api/branches/{branch}        GET /api/branches/secret-none          404       401    404     404     404  404
        POST /api/branches                POST /api/branches {"ref":"feature/x"} 401       401    403     ok      ok   ok
        POST /api/branches                POST /api/branches {"ref":"secret/s"}  401       401    403     403     403  ok
        PUT /api/branches/{branch}        PUT /api/branches/feature-x {}         401       401    403     ok      ok   ok
        PUT /api/branches/{branch}        PUT /api/branches/secret-s {}          401       401    403     403     403  ok
        PUT /api/branches/{branch}        PUT /api/branches/feature-z {"parent":"secret-s"}  401  401  403  404     403  ok
        DELETE /api/branches/{branch}     DELETE /api/branches/main              401       401    403     403     403  409
        DELETE /api/branches/{branch}     DELETE /api/branches/feature-none      401       401    403     404     403  404

        DELETE /api/branches              DELETE /api/branches?ref=main          401       401    403     403     403  409
        DELETE /api/branches              DELETE /api/branches?ref=feature/none  401       401    403     404     403  404
        POST /api/gitlab/webhook          POST /api/gitlab/webhook {}            404       404    404     404     404  404
        POST /api/gitlab/reconcile        POST /api/gitlab/reconcile             401       401    403     403     403  404

        GET /api/branches/{branch}/diff       GET /api/branches/main/diff                      ok    401  ok   ok   ok   ok
        GET /api/branches/{branch}/diff       GET /api/branches/secret-s/diff                  404   401  ok   404  404  ok
        GET /api/branches/{branch}/diff       GET /api/branches/main/diff?against=secret-s     404   401  ok   404  404  ok
        GET /api/branches/{branch}/diff       GET /api/branches/main/diff?against=secret-none  404   401  404  404  404  404
        POST /api/branches/{branch}/promote   POST /api/branches/main/promote {"from":"main",LUA}           401  401  403  403  403  ok
        POST /api/branches/{branch}/promote   POST /api/branches/feature-x/promote {"from":"main",LUA}      401  401  403  ok   ok   ok
        POST /api/branches/{branch}/promote   POST /api/branches/feature-x/promote {"from":"secret-s",LUA}  401  401  403  404  404  ok
        POST /api/branches/{branch}/restore   POST /api/branches/main/restore                  401   401  403  403  403  409
        POST /api/branches/{branch}/restore   POST /api/branches/feature-none/restore          401   401  403  404  403  404
        GET /api/retired                      GET /api/retired                                 ok    401  ok   ok   ok   ok
        GET /api/journal                      GET /api/journal                                 ok    401  ok   ok   ok   ok
        POST /api/branches/{branch}/builds    POST /api/branches/main/builds {}                401   401  403  403  403  ok
        POST /api/branches/{branch}/builds    POST /api/branches/feature-x/builds {}           401   401  403  ok   ok   ok
        GET /api/branches/{branch}/verdicts  GET /api/branches/main/verdicts  ok  401  ok  ok  ok  ok
        GET /api/branches/{branch}/verdicts  GET /api/branches/secret-s/verdicts  404  401  ok  404  404  ok
        GET /api/branches/{branch}/verdicts/{fingerprint}  GET /api/branches/main/verdicts/VERDICT  ok  401  ok  ok  ok  ok
        GET /api/branches/{branch}/verdicts/{fingerprint}  GET /api/branches/secret-s/verdicts/VERDICT  404  401  ok  404  404  ok
        GET /api/branches/{branch}/verdicts/{fingerprint}  GET /api/branches/secret-none/verdicts/VERDICT  404  401  404  404  404  404
        PUT /api/branches/{branch}/verdicts/{fingerprint}  PUT /api/branches/main/verdicts/VERDICT VERDICT  401  401  403  403  403  ok
        PUT /api/branches/{branch}/verdicts/{fingerprint}  PUT /api/branches/feature-x/verdicts/VERDICT VERDICT  401  401  403  ok  ok  ok
        PUT /api/branches/{branch}/verdicts/{fingerprint}  PUT /api/branches/secret-s/verdicts/VERDICT VERDICT  401  401  403  403  403  ok
        GET /api/branches/{branch}/plans  GET /api/branches/main/plans  ok  401  ok  ok  ok  ok
        GET /api/branches/{branch}/plans  GET /api/branches/secret-s/plans  404  401  ok  404  404  ok
        PUT /api/branches/{branch}/plans/{sha256}  PUT /api/branches/main/plans/DIGEST PLAN  401  401  403  403  403  ok
        PUT /api/branches/{branch}/plans/{sha256}  PUT /api/branches/feature-x/plans/DIGEST PLAN  401  401  403  ok  ok  ok
        PUT /api/branches/{branch}/plans/{sha256}  PUT /api/branches/secret-s/plans/DIGEST PLAN  401  401  403  403  403  ok
        POST /api/builds                      POST /api/builds {}                              401   401  ok   ok   ok   ok
        POST /api/verify                      POST /api/verify                                 401   401  403  403  403  ok
        GET /openapi.json                     GET /openapi.json                                ok    ok   ok   ok   ok   ok
        GET /gitlab.yml                       GET /gitlab.yml                                  ok    ok   ok   ok   ok   ok
        """;

    static readonly string[] callers = ["stranger", "wrong", "reader", "writer", "job", "all"];

    static IEnumerable<string[]> Rows =>
        Table
            .Split('\n')
            .Skip(1)
            .Where(line => line.Length > 0)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            // A request that fills its column is followed by a single space.
            .Select(row =>
                row.Length == 2 + callers.Length
                    ? row
                    : [row[0], row[1][..row[1].LastIndexOf(' ')], row[1][(row[1].LastIndexOf(' ') + 1)..], .. row[2..]]
            );

    public static TheoryData<string, string, string> Requests
    {
        get
        {
            var requests = new TheoryData<string, string, string>();
            foreach (var row in Rows)
                for (var caller = 0; caller < callers.Length; caller++)
                    requests.Add(callers[caller], row[1], row[2 + caller]);
            return requests;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Each_route_answers_each_caller_as_the_table_says(string caller, string request, string answer)
    {
        using var response = await fixture.SendAsync(caller, request);

        Assert.Equal(answer, response.IsSuccessStatusCode ? "ok" : $"{(int)response.StatusCode}");
        var body = await response.Content.ReadAsStringAsync();
        // An answer may repeat a name from the request, and name what the caller may read.
        if (caller is not ("reader" or "all") && !request.Contains("secret-s") && !request.Contains("secret/s"))
            Assert.DoesNotContain("secret-s", body, StringComparison.Ordinal);
        Assert.All(AsksEverybody.Secrets, secret => Assert.DoesNotContain(secret, body, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_route_is_in_the_table() =>
        Assert.Equal(
            fixture.Server.Routes.Distinct().Order(StringComparer.Ordinal),
            Rows.Select(row => row[0]).Distinct().Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("GET", ".sources")]
    [InlineData("GET", "/dists/stable/InRelease")]
    [InlineData("GET", "/POOL")]
    [InlineData("GET", "/FILE")]
    [InlineData("PROBE", "/FILE")]
    [InlineData("PUT", "/FILE")]
    [InlineData("GET", "/CHANGES")]
    [InlineData("GET", "/BUILDINFO")]
    [InlineData("GET", "/rpm/debyard.repo")]
    [InlineData("GET", "/rpm/repodata/repomd.xml")]
    [InlineData("PUT", "/rpm/RPM RPM")]
    public async Task An_unreadable_branch_looks_like_a_nonexistent_one(string method, string path)
    {
        foreach (var caller in new[] { "stranger", "writer", "job" })
            Assert.Equal(await SayAsync(caller, "secret-none"), await SayAsync(caller, "secret-s"));

        async Task<string> SayAsync(string caller, string branch)
        {
            using var response = await fixture.SendAsync(caller, $"{method} /{branch}{path}");
            var headers = response
                .Headers.Concat(response.Content.Headers)
                .Where(header => header.Key is not ("Date" or "X-Request-ID" or "Content-Length"))
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
                .Order(StringComparer.Ordinal);
            return $"{response.StatusCode} {string.Join('\n', headers)}\n{await response.Content.ReadAsStringAsync()}".Replace(
                branch,
                "BRANCH",
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("stranger", false)]
    [InlineData("writer", false)]
    [InlineData("reader", true)]
    [InlineData("all", true)]
    public async Task Lists_contain_only_readable_branches(string caller, bool seesAll)
    {
        foreach (var list in new[] { "GET /", "GET /api/branches" })
        {
            using var response = await fixture.SendAsync(caller, list);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Contains("main.sources", text, StringComparison.Ordinal);
            Assert.Equal(seesAll, text.Contains("secret-s", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("stranger", false)]
    [InlineData("job", false)]
    [InlineData("reader", true)]
    public async Task The_journal_contains_only_readable_branches(string caller, bool seesAll)
    {
        using var response = await fixture.SendAsync(caller, "GET /api/journal?limit=1000");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"main\"", text, StringComparison.Ordinal);
        Assert.Equal(seesAll, text.Contains("secret-s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_without_a_declared_permission_refuses_everyone() =>
        // Routing itself answers this method, without a declaration.
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.SendAsync("all", "PATCH /main/FILE")).StatusCode);

    public sealed class AsksEverybody : IAsyncLifetime
    {
        static readonly TestToken reader = new("reader") { Read = ["secret-*"] };
        static readonly TestToken writer = new("writer") { Write = ["feature-*"] };
        static readonly TestToken all = new("all") { Write = ["*"], IsAdministrator = true };

        static readonly string fingerprint = new('f', 64);

        SamplePackage package = null!;
        SampleUpload upload = null!;
        readonly SampleRpm rpm = SampleRpm.Make();

        FakeGitLab GitLab { get; } = new();

        internal RunningServer Server { get; private set; } = null!;

        internal static IEnumerable<string> Secrets => [reader.Secret, writer.Secret, all.Secret, "wrong-0123456789abcdef"];

        public async Task InitializeAsync()
        {
            Server = await RunningServer.StartAsync(
                new ServerOptions
                {
                    Repository = new() { Root = "" },
                    Access = GitLab.Access with
                    {
                        Tokens = [reader.Configured, writer.Configured, all.Configured],
                        Private = [new("secret-*")],
                    },
                    Limits = new LimitOptions { FailuresPerMinute = 10_000 },
                }
            );
            package = await SamplePackage.MakeAsync();
            upload = new SampleUpload(package);
            using (var opened = await SendAsync("all", "PUT /feature-x/FILE"))
                Assert.True(opened.IsSuccessStatusCode);
            foreach (var branch in new[] { "main", "secret-s" })
            foreach (
                var request in new[]
                {
                    $"PUT /{branch}/FILE",
                    $"PUT /{branch}/BUILDINFO BUILDINFO",
                    $"PUT /{branch}/CHANGES CHANGES",
                    $"PUT /{branch}/rpm/RPM RPM",
                    $"POST /{branch}/rpm/ OFFER",
                    $"PUT /api/branches/{branch}/verdicts/VERDICT VERDICT",
                    $"PUT /api/branches/{branch}/plans/DIGEST PLAN",
                }
            )
                using (var made = await SendAsync("all", request))
                    Assert.True(made.IsSuccessStatusCode, request);
        }

        /// <summary>
        /// <c>FILE</c>, <c>POOL</c>, <c>CHANGES</c>, <c>BUILDINFO</c> and <c>RPM</c> stand for the samples' file names and pool path,
        /// <c>DIGEST</c> for the package's SHA-256, and <c>VERDICT</c> for a fingerprint. The body follows the path; there the last of
        /// these words stand for their contents, as do <c>PLAN</c>, <c>OFFER</c> for the request that publishes the rpm, and <c>LUA</c> for
        /// the JSON that names the package.
        /// </summary>
        internal async Task<HttpResponseMessage> SendAsync(string caller, string line)
        {
            var (method, path, json) = line.Split(' ', 3) is [var first, var second, .. var rest]
                ? (first, second, rest is [var body] ? body : null)
                : throw new ArgumentException(line);
            var target = path.Replace("FILE", package.FileName, StringComparison.Ordinal)
                .Replace("POOL", $"{package.PoolPath}", StringComparison.Ordinal)
                .Replace("CHANGES", upload.ChangesName, StringComparison.Ordinal)
                .Replace("BUILDINFO", upload.BuildInfoName, StringComparison.Ordinal)
                .Replace("RPM", rpm.FileName, StringComparison.Ordinal)
                .Replace("VERDICT", fingerprint, StringComparison.Ordinal)
                .Replace("DIGEST", $"{package.Digests.Sha256}", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(method == "PROBE" ? "GET" : method), target);
            if (method == "PROBE")
                request.Headers.Add("X-Sha256", package.Digests.Sha256.ToString());
            if (method == "PUT" && json is null)
                request.Content = new ByteArrayContent(package.Bytes);
            if (json == "RPM")
                request.Content = new ByteArrayContent(rpm.Bytes);
            else if (json is not null)
                request.Content = new StringContent(
                    json switch
                    {
                        // A new branch has the packages of its parent, but not its records.
                        "CHANGES" => upload.Changes((package.FileName, package.Digests)),
                        "BUILDINFO" => upload.BuildInfo,
                        "OFFER" => rpm.Offer,
                        "VERDICT" => $$"""
                        {"fingerprint":"{{fingerprint}}","packages":[{"name":"{{package.FileName}}","sha256":"{{fingerprint}}"}]}
                        """,
                        "PLAN" => """{"product":"lua","plan":"{}"}""",
                        _ => json.Replace("LUA", "\"packages\":[\"lua\"]", StringComparison.Ordinal),
                    }
                );
            request.Headers.Authorization = caller switch
            {
                "stranger" => null,
                "wrong" => new AuthenticationHeaderValue("Bearer", "wrong-0123456789abcdef"),
                "reader" => reader.Basic,
                "writer" => writer.Bearer,
                "job" => new AuthenticationHeaderValue("Bearer", GitLab.Token(DateTimeOffset.UtcNow)),
                "all" => all.Basic,
                _ => throw new ArgumentException(caller),
            };
            return await Server.Http.SendAsync(request);
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            GitLab.Dispose();
        }
    }
}
