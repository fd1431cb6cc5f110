using System.Globalization;
using System.Net.Sockets;

namespace Debyard.Benchmarks;

/// <summary>Measures the server. Each measurement uses the repository that the previous ones filled.</summary>
sealed class ServerBenchmarks(Packages packages, string work, int size, int rounds) : IDisposable
{
    readonly OurServer ours = new(Path.Combine(work, "ours"));
    readonly Peers peers = new(Path.Combine(work, "peers"));
    readonly List<Measurement> measured = [];
    readonly List<string> memory = [];
    IReadOnlyList<string> all = [];

    public async Task RunAsync()
    {
        Directory.CreateDirectory(Path.Combine(work, "peers"));
        all = await packages.MakeAsync(size);
        await peers.PrepareAsync();
        await ours.StartAsync();
        await ImportAsync();
        await AddOneAsync();
        await BranchAsync();
        await RetireAsync();
        await LinkHundredAsync();
        await ColdUploadAsync();
        await ServeAsync();
        await RestartAsync();
    }

    public void Dispose() => ours.Dispose();

    public string Report(string command) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Benchmarks

            Measured by `{command}` on {DateTime.UtcNow:yyyy-MM-dd}: {Environment.ProcessorCount} cores, load {File.ReadAllText(
                    "/proc/loadavg"
                ).Split(' ')[1]}, {size} packages, {rounds} rounds (import:
            one). Debyard and each peer take turns on the same disk. The ratio is the median, over all rounds, of Debyard's time divided
            by the peer's: below 1 Debyard is faster. "Publish" ends when the request was answered and `apt-get update` sees the package.
            Debyard's files are flushed to disk then; the peers do not flush.

            | what | target | who | median | p95 | ours / theirs |
            | --- | --- | --- | --- | --- | --- |
            {string.Join('\n', measured.SelectMany(measurement => measurement.Rows()))}

            {string.Join('\n', memory)}

            """
        );

    async Task ImportAsync()
    {
        var import = new Measurement($"import of {size}, each durable and visible when answered, 32 writers", "10,000: 20 s").With(
            "debyard",
            _ =>
                Parallel.ForEachAsync(
                    all,
                    new ParallelOptions { MaxDegreeOfParallelism = 32 },
                    async (path, _) => await ours.PutAsync("main", path)
                )
        );
        if (Tool.IsInstalled("apt-ftparchive"))
            import.With("apt-ftparchive, one batch", _ => peers.FtpArchiveAsync(all));
        if (Tool.IsInstalled("reprepro"))
            import.With("reprepro, one batch", _ => peers.RepreproAsync(all));
        if (Tool.IsInstalled("aptly"))
        {
            var folder = Path.Combine(work, "aptly-import");
            Directory.CreateDirectory(folder);
            foreach (var path in all)
                await Task.Run(() => File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(path)), path));
            import.With("aptly, one batch", _ => peers.AptlyImportAsync(folder));
        }
        measured.Add(await import.RunOnceAsync());
        memory.Add($"Resident memory of the server: {ours.ResidentMegabytes().Most} MB at most while importing {size} (target 300 MB).");
    }

    async Task AddOneAsync()
    {
        var number = 0;
        var add = new Measurement($"add one package to a branch of {size}, publish", "p50 60 ms, p95 250 ms");
        With("debyard", path => ours.PutAsync("main", path));
        if (Tool.IsInstalled("apt-ftparchive"))
            With("apt-ftparchive with its cache", path => peers.FtpArchiveAsync(path));
        if (Tool.IsInstalled("reprepro"))
            With("reprepro", path => peers.RepreproAsync(path));
        if (Tool.IsInstalled("aptly"))
            With("aptly", path => peers.AptlyAddAsync(path));
        measured.Add(await add.RunAsync(rounds));

        void With(string who, Func<string, Task> addOne)
        {
            var path = "";
            add.With(who, _ => addOne(path), async _ => path = await packages.MakeNewAsync(number++ % size));
        }
    }

    async Task BranchAsync()
    {
        var branch = new Measurement($"new branch from a default branch of {size}, published", "250 ms")
            .With("debyard", round => ours.CreateAsync($"branch-{round}"))
            .With("cp -al, the links alone", peers.CopyLinksAsync);
        if (Tool.IsInstalled("apt-ftparchive"))
            branch.With("cp -al and apt-ftparchive", round => peers.FtpArchiveBranchAsync(1000 + round));
        measured.Add(await branch.RunAsync(rounds));
        var before = ours.ResidentMegabytes().Now;
        for (var more = rounds + 1; more < 20; more++)
            await ours.CreateAsync($"branch-{more}");
        // The server releases memory once it has been idle for some time.
        await Task.Delay(TimeSpan.FromSeconds(30));
        memory.Add(
            $"{ours.ResidentMegabytes().Now} MB idle with {size} packages in each of {Math.Max(20, rounds + 1)} branches "
                + $"(target 150 MB; {before} MB before the last of them)."
        );
    }

    async Task RetireAsync() =>
        measured.Add(
            await new Measurement($"retire a branch of {size}", "20 ms")
                .With("debyard", round => ours.RetireAsync($"retired-{round}"), round => ours.CreateAsync($"retired-{round}"))
                .With("rm -r of the links", peers.RemoveLinksAsync, peers.CopyLinksAsync)
                .RunAsync(Math.Min(rounds, 20))
        );

    async Task LinkHundredAsync()
    {
        var hundred = new List<string>();
        var folder = Directory.CreateDirectory(Path.Combine(work, "hundred")).FullName;
        for (var number = 0; number < 100; number++)
        {
            var path = Path.Combine(folder, $"big-{number}");
            hundred.Add(await packages.MakeNewAsync(number));
            File.Copy(hundred[^1], path);
        }
        foreach (var path in hundred)
            await ours.PutAsync("source", path);
        var digests = hundred.ConvertAll(OurServer.Digest);
        var link = new Measurement("conditional upload of 100 files that another branch has", "50 ms")
            .With("debyard", round => ours.BatchAsync($"branch-{round}", digests))
            .With("cp -al, the links alone", round => Tool.ShellAsync(work, $"cp -al hundred links-{round}"));
        if (Tool.IsInstalled("rsync"))
            link.With("rsync --link-dest, no daemon", round => peers.RsyncLinksAsync(folder, round));
        measured.Add(await link.RunAsync(Math.Min(rounds, 20)));
    }

    async Task ColdUploadAsync()
    {
        const int megabytes = 1000;
        var path = "";
        var upload = new Measurement($"cold upload of {megabytes} MB, all three digests verified while streaming", "1.8 x nginx").With(
            "debyard",
            round => ours.PutAsync("source", path),
            async round => path = await Packages.MakeBigAsync(work, round, megabytes)
        );
        if (!Tool.IsInstalled("nginx"))
            return;
        var (process, url) = await peers.NginxAsync(work, FreePort());
        using (process)
        {
            using var http = new HttpClient { BaseAddress = url };
            upload.With(
                "nginx, WebDAV PUT, nothing verified",
                async round =>
                {
                    await using var file = File.OpenRead(path);
                    using var answer = await http.PutAsync($"uploaded-{round}", new StreamContent(file));
                    answer.EnsureSuccessStatusCode();
                }
            );
            measured.Add(await upload.RunAsync(Math.Min(rounds, 5)));
            process.Kill(entireProcessTree: true);
        }
    }

    async Task ServeAsync()
    {
        if (!Tool.IsInstalled("nginx"))
            return;
        var (process, url) = await peers.NginxAsync(ours.Root, FreePort());
        using (process)
        {
            var big = Directory.EnumerateFiles(Path.Combine(ours.Root, "source", "pool"), "*_big0_*", SearchOption.AllDirectories).First();
            foreach (
                var (what, target, path, requests) in new[]
                {
                    ("20,000 requests for InRelease, 8 connections", "at most 1.1", "main/dists/stable/InRelease", 20_000),
                    ("2,000 requests for a package of 1 MB, 8 connections", "at most 1.4", Path.GetRelativePath(ours.Root, big), 2_000),
                }
            )
                measured.Add(
                    await new Measurement(what, target)
                        .With("debyard", _ => Load.RunAsync(new Uri(ours.Http.BaseAddress!, path), 8, requests))
                        .With("nginx", _ => Load.RunAsync(new Uri(url, path), 8, requests))
                        .RunAsync(Math.Min(rounds, 5))
                );
            process.Kill(entireProcessTree: true);
        }
    }

    async Task RestartAsync() =>
        measured.Add(
            await new Measurement($"start on {size} packages in each branch, and the first answer about them", "100,000: 1 s")
                .With(
                    "debyard",
                    async _ =>
                    {
                        await ours.StartAsync();
                        await ours.Http.GetStringAsync("main/dists/stable/InRelease");
                    },
                    _ => Task.Run(ours.Stop)
                )
                .RunAsync(Math.Min(rounds, 5))
        );

    static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
