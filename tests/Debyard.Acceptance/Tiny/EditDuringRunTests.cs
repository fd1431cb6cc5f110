namespace Debyard.Acceptance.Tiny;

/// <summary>Files that someone edits while a run is under way: never under a fingerprint that was taken before.</summary>
[Collection("A published product")]
public sealed class EditDuringRunTests(PublishedProduct published)
{
    [Theory]
    [InlineData("lib/content", "lib/content changed")]
    [InlineData("lib/Dockerfile", "lib/Dockerfile:2 changed")]
    [InlineData("lib/new", "lib/new is new")]
    public async Task What_was_edited_before_its_turn_is_not_built_and_the_next_run_builds_it(string file, string change)
    {
        using var product = await ProductAsync();
        product.Write(
            $"{file}.edited",
            File.Exists(product[file])
                ? File.ReadAllText(product[file])
                    .Replace("a library", "an edited library", StringComparison.Ordinal)
                    .Replace("FROM ${", "FROM  ${", StringComparison.Ordinal)
                : ""
        );
        await WhileBuildingAsync(product, $"{product.Name}-tools", $"mv {product[file]}.edited {product[file]}");
        product.Write("lib/.dockerignore", "*.edited\n.dockerignore\n");
        var before = Kept(product);

        var refused = await product.RunAsync("Extract");

        refused.Refuses($"{product.Name}-tools built in", $"{change} during the run", "run again");
        Assert.Equal(before, Kept(product));
        await product.LeavesNothingAsync(refused);
        (await product.RunAsync("Extract")).Succeeds($"{product.Library}/amd64 is being built: ", $"{product.LibraryFile} extracted");
        Assert.Equal(File.ReadAllText(product["lib/content"]), await ContentAsync(product));
    }

    [Theory]
    [InlineData("lib", "lib/content")]
    [InlineData("tools", "tools/Dockerfile")]
    public async Task What_is_edited_during_its_build_is_not_in_it_and_the_next_run_builds_it(string image, string file)
    {
        using var product = await ProductAsync();
        await WhileBuildingAsync(product, $"{product.Name}-{image}", $"echo '# edited' >> {product[file]}");

        (await product.RunAsync("Extract")).Succeeds($"{product.Library}/amd64 built in");

        Assert.Equal("a library\n", await ContentAsync(product));
        (await product.RunAsync("Extract")).Succeeds(
            $"{product.Library}/amd64 is being built: {(image == "lib" ? file : $"{product.Name}-tools")} changed"
        );
        Assert.Equal(File.ReadAllText(product["lib/content"]), await ContentAsync(product));
        await product.RemoveImagesAsync();
    }

    /// <summary>A copy whose toolchain, and so its library, has to be built.</summary>
    async Task<TinyProduct> ProductAsync()
    {
        var product = await published.Product.CopyAsync();
        product.Write("tools/Dockerfile", $"ARG BASE\nFROM ${{BASE}}\nRUN : {Guid.NewGuid()}\n");
        return product;
    }

    /// <summary>Does something once, when the engine's client is called to build an image, and before it begins.</summary>
    static Task WhileBuildingAsync(TinyProduct product, string image, string command)
    {
        var once = System.IO.Path.Combine(product.Path, "once");
        return DockerWrapper.InstallAsync(product, image, $"mkdir {once} 2> /dev/null && {command}; exec REAL");
    }

    static IEnumerable<string> Kept(TinyProduct product) =>
        Directory
            .EnumerateFiles(product[$"output/artifacts/{product.Library}"], "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);

    /// <summary>What the library's package of the last build holds.</summary>
    static async Task<string> ContentAsync(TinyProduct product)
    {
        using var unpacked = new TemporaryFolder();
        var last = new DirectoryInfo(product[$"output/artifacts/{product.Library}/amd64"])
            .EnumerateDirectories()
            .MaxBy(folder => folder.LastWriteTimeUtc)!;
        await Tool.RunAsync("dpkg-deb", "--extract", System.IO.Path.Combine(last.FullName, product.LibraryFile), unpacked.Path);
        return File.ReadAllText(unpacked[$"opt/{product.Library}/content"]);
    }
}
