using System.Net;
using System.Net.Http.Json;
using Debyard.Tests;

namespace Debyard.Server.Tests.Faults;

/// <summary>What the server is asked for when it is killed, or when its disk fails.</summary>
/// <param name="Branch">The one that is changed.</param>
/// <param name="Before">What it lists before, sorted; nothing where it is not there.</param>
/// <param name="After">What it lists afterwards.</param>
/// <param name="Requests">One after another. Done already counts as done.</param>
sealed record Operation(string Branch, string[] Before, string[] After, params Func<HttpClient, Task<HttpStatusCode>>[] Requests)
{
    // Longer than what others took the place of is kept.
    static readonly DateTime longAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>What the first requests leave to the last: acknowledged, but not listed before it.</summary>
    public string[] Kept { get; init; } = [];

    public static Dictionary<string, Operation> All { get; } =
        new()
        {
            ["add"] = new("main", ["one", "two"], ["new", "one", "two"], http => PutAsync(http, "main", "new")),
            ["birth"] = new("feature-x", [], ["new", "one", "two"], http => PutAsync(http, "feature-x", "new")),
            ["link"] = new("other", ["one", "other"], ["one", "other", "two"], http => ProbeAsync(http, "other", "two")),
            ["replace"] = new("other", ["one", "other"], ["one", "other"], http => PutAsync(http, "other", "one", content: "its own")),
            ["later"] = new(
                "main",
                ["one", "two"],
                ["new", "newer", "one", "two"],
                http => PutAsync(http, "main", "new", "?publish=later"),
                http => PutAsync(http, "main", "newer", "?publish=later"),
                http => PostAsync(http, "main/", new { files = Array.Empty<object>() })
            )
            {
                Kept = ["new", "newer"],
            },
            ["promotion"] = new(
                "other",
                ["one", "other"],
                ["one", "other", "two"],
                http => PostAsync(http, "api/branches/other/promote", new { from = "main", packages = new[] { "two" } })
            ),
            ["deletion"] = new("other", ["one", "other"], ["one"], http => DeleteAsync(http, "other/other_5.4.6-1_amd64.deb")),
            ["retirement"] = new("other", ["one", "other"], [], http => DeleteAsync(http, "api/branches/other")),
            ["restoration"] = new("gone", [], ["one", "second"], http => RestoreAsync(http, "gone")),
            ["restoration of an earlier one"] = new(
                "gone",
                [],
                ["first", "one"],
                async http => await RestoreAsync(http, "gone", $"?id={await EarliestAsync(http)}")
            ),
        };

    /// <summary>
    /// A root on which each operation is possible, published long ago. The branch <c>gone</c> was retired, created again, and retired
    /// again.
    /// </summary>
    public static async Task<TemporaryFolder> RootAsync()
    {
        var folder = new TemporaryFolder();
        await using (var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = folder.Path } }, default))
            await FillAsync(server);
        foreach (var path in new[] { "main", "other" }.SelectMany(branch => Promised(folder, branch)))
            File.SetLastWriteTimeUtc(path.EndsWith(".deb", StringComparison.Ordinal) ? Unlisted(folder, path) : folder[path], longAgo);
        return folder;
    }

    /// <summary>The files that an apt finds in the index it has of a branch; none of one that is not there.</summary>
    public static string[] Promised(TemporaryFolder root, string branch)
    {
        var inRelease = root[$"{branch}/dists/stable/InRelease"];
        if (!File.Exists(inRelease))
            return [];
        var names = File.ReadAllText(inRelease);
        return
        [
            .. Directory
                .EnumerateFiles(root[branch], "*", SearchOption.AllDirectories)
                .Where(path =>
                    path.Contains("/pool/", StringComparison.Ordinal)
                    || path.Contains("/by-hash/", StringComparison.Ordinal)
                        && names.Contains(Path.GetFileName(path), StringComparison.Ordinal)
                )
                .Select(path => Path.GetRelativePath(root.Path, path)),
        ];
    }

    // As a publish leaves it that is killed before it can list the file no longer.
    static string Unlisted(TemporaryFolder root, string poolFile)
    {
        var branch = poolFile.Split('/')[0];
        var folder = Directory.CreateDirectory(root[$"{branch}/.unlisted/stable/main"]).FullName;
        var path = Path.Combine(folder, Path.GetFileName(poolFile));
        File.Create(path).Dispose();
        return path;
    }

    static async Task FillAsync(RepositoryServer server)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        await PutAsync(http, "main", "one");
        await PutAsync(http, "other", "other");
        foreach (var name in new[] { "first", "second" })
        {
            await PutAsync(http, "gone", name);
            await DeleteAsync(http, "api/branches/gone");
        }
        await PutAsync(http, "main", "two");
    }

    /// <summary>Every branch there is or was, as often as it can be had: none is lost, and none is both there and retired.</summary>
    public static async Task<string[]> BranchesAsync(HttpClient http)
    {
        var names = new List<string>();
        foreach (var path in new[] { "api/branches", "api/retired" })
            names.AddRange((await http.JsonAsync(path))["branches"]!.AsArray().Select(branch => (string)branch!["branch"]!));
        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>All requests.</summary>
    /// <param name="answers">What each was answered, as far as it came.</param>
    public async Task RunAsync(HttpClient http, List<HttpStatusCode> answers)
    {
        foreach (var request in Requests)
            answers.Add(await request(http));
    }

    public async Task<string[]> ListedAsync(HttpClient http)
    {
        using var response = await http.GetAsync($"{Branch}/dists/stable/main/binary-amd64/Packages.gz");
        if (response.StatusCode == HttpStatusCode.NotFound)
            return [];
        using var reader = new StreamReader(Debian.Compression.GZip.Decompress(await response.Content.ReadAsStreamAsync()));
        return [.. Debian.Control.Stanza.ParseAll(reader).Select(stanza => stanza["Package"]!).Order(StringComparer.Ordinal)];
    }

    static async Task<HttpStatusCode> PutAsync(HttpClient http, string branch, string name, string query = "", string content = "hello")
    {
        var package = await SamplePackage.MakeAsync(name, content: content);
        using var response = await http.PutAsync($"{branch}/{package.FileName}{query}", new ByteArrayContent(package.Bytes));
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> ProbeAsync(HttpClient http, string branch, string name)
    {
        var package = await SamplePackage.MakeAsync(name);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/{package.FileName}");
        request.Headers.Add("X-Sha256", package.Digests.Sha256);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> DeleteAsync(HttpClient http, string path)
    {
        using var response = await http.DeleteAsync(path);
        return response.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.OK : response.StatusCode;
    }

    static async Task<HttpStatusCode> RestoreAsync(HttpClient http, string branch, string query = "")
    {
        using var response = await http.PostAsync($"api/branches/{branch}/restore{query}", null);
        return response.StatusCode == HttpStatusCode.Conflict ? HttpStatusCode.OK : response.StatusCode;
    }

    static async Task<long> EarliestAsync(HttpClient http) =>
        (await http.JsonAsync("api/retired"))["branches"]!.AsArray().Min(branch => (long)branch!["id"]!);
}
