namespace Debyard.Acceptance.Tiny;

/// <summary>A disk without space, here and on the server. Needs root, as mounting a small one does.</summary>
[Collection("A published product")]
public sealed class FullDiskTests(PublishedProduct published)
{
    [Theory]
    [InlineData("output/artifacts", "The disk is full: ")]
    [InlineData("output/repository", " answered 507 Insufficient Storage. ")]
    public async Task A_full_disk_is_named_and_nothing_half_done_stays_on_it(string mounted, string saying)
    {
        using var product = await published.Product.CopyAsync();
        product.Write("lib/content", new string('x', 4 << 20));
        product.Edit("debyard.yml", TinyProduct.DependencyVersion, "1.0-2");
        var before = product.Published;

        Outcome outcome;
        string after;
        await using (await SmallDisk.MountAsync(product[mounted]))
        {
            outcome = await product.RunAsync("Upload", "--branch", "small");
            after = product.Published;
            await product.LeavesNothingAsync(outcome);
        }

        outcome.Refuses(saying);
        Assert.DoesNotContain("1.0-2", after, StringComparison.Ordinal);
        Assert.Equal(before, product.Published);
        (await product.RunAsync()).Succeeds("Build succeeded");
    }

    /// <summary>Three megabytes, with a copy of what was at its place.</summary>
    sealed class SmallDisk(string path) : IAsyncDisposable
    {
        public static async Task<SmallDisk> MountAsync(string path)
        {
            var content = path + ".content";
            Directory.Move(path, content);
            Directory.CreateDirectory(path);
            await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path);
            await Tool.RunAsync("cp", "--archive", $"{content}/.", path);
            return new SmallDisk(path);
        }

        public async ValueTask DisposeAsync()
        {
            await Tool.RunAsync("umount", path);
            Directory.Delete(path);
            Directory.Move(path + ".content", path);
        }
    }
}
