namespace Debyard.Acceptance.Tiny;

/// <summary>The classic builder and BuildKit, as far as this machine has clients for them.</summary>
[Collection("A published product")]
public sealed class BuilderTests(PublishedProduct published)
{
    [Fact]
    public async Task Every_client_and_builder_makes_the_same_bytes()
    {
        foreach (var client in Clients())
        {
            using var product = await published.Product.CopyAsync();
            Directory.Delete(product["output/artifacts"], recursive: true);
            await product.RemoveImagesAsync();
            var folder = Directory.CreateDirectory(System.IO.Path.Combine(product.Path, "path"));
            File.CreateSymbolicLink(System.IO.Path.Combine(folder.FullName, "docker"), client);
            product.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";

            var outcome = await product.RunAsync("Extract", "Package");

            outcome.Succeeds("Build succeeded");
            Assert.Contains($"{product.Library}/amd64 built in", outcome.Output, StringComparison.Ordinal);
            Assert.Equal(Digests(published.Product), Digests(product));
            folder.Delete(recursive: true);
            await product.LeavesNothingAsync(outcome);
        }
    }

    static IEnumerable<string> Clients() =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(folder => new FileInfo(System.IO.Path.Combine(folder, "docker")))
            .Where(client => client.Exists)
            .Select(client => client.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Real(client))
            .Distinct();

    // /bin may be a link to /usr/bin.
    static string Real(FileInfo file) =>
        System.IO.Path.Combine(file.Directory!.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.DirectoryName!, file.Name);

    static IEnumerable<string> Digests(TinyProduct product) =>
        Directory
            .EnumerateFiles(product["output/artifacts"], "*.deb", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file =>
                $"{System.IO.Path.GetRelativePath(product.Root, file)} "
                + $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"
            );
}
