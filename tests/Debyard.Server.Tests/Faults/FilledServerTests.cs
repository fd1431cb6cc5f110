using System.Net;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Xunit.Abstractions;

namespace Debyard.Server.Tests.Faults;

/// <summary>Many packages, sent by many writers in every way there is, and then Debian's own apt.</summary>
[Collection(nameof(OneAtATime))]
public sealed class FilledServerTests(ITestOutputHelper output)
{
    const int Packages = 10_000,
        Writers = 32,
        Downloads = 50,
        BatchSize = 20;

    [Fact]
    public async Task Apt_knows_each_of_many_packages_once_and_downloads_what_was_sent()
    {
        var packages = await MakeAsync(Packages);
        await using var server = await RunningServer.StartAsync();
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(packages.Chunk(packages.Length / Writers + 1).Select(chunk => SendAsync(server, chunk)));
        output.WriteLine(
            $"{packages.Length} packages by {Writers} writers in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"
        );

        string[] ofAmd64 = [.. Of(packages, "amd64"), .. Of(packages, "all")],
            ofArm64 = [.. Of(packages, "arm64"), .. Of(packages, "all")];
        Assert.Equal(ofAmd64.Order(StringComparer.Ordinal), await server.ListedAsync("main"));
        Assert.Equal(ofArm64.Order(StringComparer.Ordinal), await server.ListedAsync("main", "arm64"));

        using var apt = new AptClient(await server.Http.GetStringAsync("main.sources"), "amd64", "arm64");
        await apt.RunAsync("update");
        // Of each name and architecture apt tells the latest version only.
        var latest = packages
            .Select(package => DebFileName.Parse(package.FileName))
            .GroupBy(file => (file.Name, file.Architecture))
            .Select(versions => versions.MaxBy(file => DebianVersion.Parse(file.Version)))
            .Select(file => $"{file}")
            .Order(StringComparer.Ordinal);
        using var available = new StringReader(await apt.AskAsync("dumpavail"));
        Assert.Equal(
            latest,
            Stanza
                .ParseAll(available)
                .Select(stanza => $"{stanza["Package"]}_{stanza["Version"]}_{stanza["Architecture"]}.deb")
                .Order(StringComparer.Ordinal)
        );

        var chosen = packages.ToArray();
        new Random(20260301).Shuffle(chosen);
        chosen = chosen[..Downloads];
        await apt.RunAsync([
            "download",
            .. chosen.Select(package => package.FileName[..^".deb".Length].Split('_')).Select(parts => $"{parts[0]}:{parts[2]}={parts[1]}"),
        ]);
        foreach (var package in chosen)
            Assert.Equal(package.Bytes, await File.ReadAllBytesAsync(Path.Combine(apt.Downloads, package.FileName)));
        await server.Http.AssertSoundAsync();
    }

    static IEnumerable<string> Of(SamplePackage[] packages, string architecture) =>
        packages.Select(package => package.FileName).Where(file => file.EndsWith($"_{architecture}.deb", StringComparison.Ordinal));

    static Task<SamplePackage[]> MakeAsync(int count) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(number =>
                    Task.Run(() =>
                    {
                        var name = $"package{number / 4:00000}";
                        var content = $"content {number}";
                        return (number % 4) switch
                        {
                            0 => SamplePackage.MakeAsync(name, "1.9-1", content: content),
                            1 => SamplePackage.MakeAsync(name, "1.10-1", content: content),
                            2 => SamplePackage.MakeAsync(name, "1.10-1", "arm64", content),
                            _ => SamplePackage.MakeAsync($"{name}-data", "1.10-1", "all", content),
                        };
                    })
                )
        );

    // One by one the first half, then in batches.
    static async Task SendAsync(RunningServer server, SamplePackage[] packages)
    {
        foreach (var package in packages[..(packages.Length / 2)])
            await PutAsync(server, package, "");
        foreach (var batch in packages[(packages.Length / 2)..].Chunk(BatchSize))
        {
            foreach (var package in batch)
                await PutAsync(server, package, "?publish=later");
            // Another writer's batch may have published them.
            Assert.All(await server.BatchAsync("main", batch), outcome => Assert.Contains(outcome, new[] { "present", "linked" }));
        }
    }

    static async Task PutAsync(RunningServer server, SamplePackage package, string query)
    {
        using var answer = await server.PutAsync("main", package, query);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
