namespace Debyard.Server.Tests;

/// <summary>Real apt against the server, with the .sources file it serves: signature, dates and hashes checked.</summary>
public sealed class AptTests
{
    [Fact]
    public async Task Apt_downloads_what_the_sources_file_leads_to()
    {
        await using var server = await RunningServer.StartAsync();
        var (native, all) = (await SamplePackage.MakeAsync(), await SamplePackage.MakeAsync("data", architecture: "all"));
        await server.BatchAsync("main");
        await server.PutAsync("feature-x", native);
        await server.PutAsync("feature-x", all);
        using var apt = new AptClient(await server.Http.GetStringAsync("feature-x.sources"), "amd64");

        await apt.RunAsync("update");
        await apt.RunAsync("download", "lua", "data");

        Assert.Equal(native.Bytes, File.ReadAllBytes(Path.Combine(apt.Downloads, native.FileName)));
        Assert.Equal(all.Bytes, File.ReadAllBytes(Path.Combine(apt.Downloads, all.FileName)));
    }

    [Fact]
    public async Task Apt_sees_each_of_two_publishes_within_one_second()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        await server.PutAsync("main", await SamplePackage.MakeAsync("one"));
        using var apt = new AptClient(await server.Http.GetStringAsync("main.sources"), "amd64");
        await apt.RunAsync("update");

        await server.PutAsync("main", await SamplePackage.MakeAsync("two"));
        await apt.RunAsync("update");

        await apt.RunAsync("download", "two");
    }

    [Fact]
    public async Task Apt_reads_the_empty_index_of_a_branch_without_packages()
    {
        await using var server = await RunningServer.StartAsync();
        await server.BatchAsync("main");
        using var apt = new AptClient(await server.Http.GetStringAsync("main.sources"), "amd64", "arm64");

        await apt.RunAsync("update");
    }

    [Fact]
    [Trait("Needs", "Time")]
    public async Task Apt_reads_indexes_made_of_several_compressed_parts()
    {
        await using var server = await RunningServer.StartAsync();
        var packages = await Task.WhenAll(Enumerable.Range(0, 400).Select(number => SamplePackage.MakeAsync($"package-{number}")));
        foreach (var package in packages)
            await server.PutAsync("main", package, "?publish=later");
        await server.BatchAsync("main", packages);
        using var apt = new AptClient(await server.Http.GetStringAsync("main.sources"), "amd64");

        foreach (var compression in new[] { "gz", "xz" })
        {
            await apt.RunAsync("-o", $"Acquire::CompressionTypes::Order::={compression}", "-o", "Acquire::GzipIndexes=false", "update");
            await apt.RunAsync("download", "package-0", "package-399");
            apt.Forget();
        }
    }

    [Fact]
    public async Task Apt_takes_packages_of_an_architecture_that_dpkg_does_not_know()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync(architecture: "musl64"));
        using var apt = new AptClient(await server.Http.GetStringAsync("main.sources"), "musl64");

        await apt.RunAsync("update");
        await apt.RunAsync("download", "lua");

        Assert.Single(Directory.EnumerateFiles(apt.Downloads));
    }

    [Fact]
    public async Task Apt_also_takes_a_repository_without_InRelease_by_hash_or_xz()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        File.Delete(Path.Combine(server.Root, "main/dists/stable/InRelease"));
        var sources = await server.Http.GetStringAsync("main.sources");
        using var apt = new AptClient(sources + "By-Hash: no\n", "amd64");

        await apt.RunAsync("-o", "Acquire::CompressionTypes::Order::=gz", "update");
        await apt.RunAsync("download", "lua");
    }
}
