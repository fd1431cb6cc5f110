using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>An architecture whose compiler is in an image that the user brings: here one that makes a binary for e2k by hand.</summary>
[Collection("A published product")]
public sealed class SuppliedToolchainTests(PublishedProduct published)
{
    [Fact]
    public async Task What_a_supplied_image_compiles_for_e2k_is_checked_uploaded_and_indexed()
    {
        using var product = await ProductAsync();
        var image = $"debyard/streamer/{product.Name}-lcc:test";
        await CompilerAsync(product, image, machine: 175);
        product.Environment["LCC"] = image;
        var outcome = await product.RunAsync("Pipeline", "--architectures", "amd64", "e2k");

        outcome.Succeeds(
            $"{product.Library}/e2k built in",
            $"{product.Library}_1.0-1_e2k.deb uploaded",
            "e2k: validation not run, this engine runs amd64"
        );
        var index = AptIndex.Read(product.Root, "output/repository", "main", "e2k");
        Assert.Contains($"Package: {product.Library}\n", index, StringComparison.Ordinal);
        Assert.Contains("Architecture: e2k\n", index, StringComparison.Ordinal);
        Assert.DoesNotContain("e2k", AptIndex.Read(product.Root, "output/repository", "main", "amd64"), StringComparison.Ordinal);

        // Another compiler under the same name is another toolchain.
        (await product.RunAsync("Extract", "--architectures", "e2k")).Succeeds($"{product.Library}/e2k unchanged");
        await CompilerAsync(product, image, machine: 183);
        (await product.RunAsync("Extract", "--architectures", "e2k")).Refuses(
            $"{product.Library}/e2k is being built: lcc changed",
            $"{product.Library}_1.0-1_e2k.deb is for e2k, but /opt/{product.Library}/program is a binary for AArch64"
        );
        await product.RemoveImagesAsync();
    }

    [Fact]
    public async Task Without_the_image_what_it_builds_is_skipped_and_the_rest_goes_on()
    {
        using var product = await ProductAsync();
        product.Environment["GITLAB_CI"] = "true"; // where all architectures are built
        var outcome = await product.RunAsync("Pipeline", "--branch", "main");

        outcome.Succeeds($"{product.Library}/e2k skipped: no toolchain image, set LCC", $"{product.Library}/amd64", "1 skipped");
    }

    [Fact]
    public async Task Asked_for_by_name_it_says_what_to_supply()
    {
        using var product = await ProductAsync();

        (await product.RunAsync("Extract", "--architectures", "e2k")).Refuses(
            "--architectures: e2k is built by a toolchain image that you supply: set LCC to its name"
        );

        product.Environment["LCC"] = "debyard/no-such-image:test";
        (await product.RunAsync("Extract", "--architectures", "e2k")).Refuses(
            "The toolchain image debyard/no-such-image:test is not in the engine"
        );
    }

    async Task<TinyProduct> ProductAsync()
    {
        var product = await published.Product.CopyAsync();
        product.Edit("debyard.yml", "bases:", "  e2k: { strategy: supplied, triplet: e2k-linux-gnu, toolchain: lcc }\nbases:");
        product.Edit("debyard.yml", "dependencies:", "  lcc: { image: \"${LCC}\" }\ndependencies:");
        product.Edit(
            "lib/Dockerfile",
            "RUN mkdir",
            "ARG TRIPLET\nRUN if command -v ${TRIPLET}-gcc; then mkdir --parents /package/opt/${PACKAGE} "
                + "&& ${TRIPLET}-gcc -o /package/opt/${PACKAGE}/program; fi\nRUN mkdir"
        );
        return product;
    }

    /// <summary>An image with a compiler that always writes the same: the header of a 64-bit little-endian ELF program.</summary>
    /// <param name="machine"><c>e_machine</c>: 175 is Elbrus, 183 AArch64.</param>
    static async Task CompilerAsync(TinyProduct product, string image, byte machine)
    {
        var bookworm = (await Engine.ImagesAsync("debyard/streamer/bookworm:*"))[0];
        product.Write(
            "lcc/Dockerfile",
            $"FROM {bookworm}\nCOPY program /\nCOPY gcc /usr/bin/e2k-linux-gnu-gcc\nRUN chmod +x /usr/bin/e2k-linux-gnu-gcc\n"
        );
        product.Write("lcc/gcc", "#!/bin/sh\ncp /program \"$2\"\n");
        var header = new byte[64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        (header[16], header[18], header[20], header[52]) = (2, machine, 1, 64);
        File.WriteAllBytes(product["lcc/program"], header);
        await Tool.RunAsync("docker", "build", "--tag", image, product["lcc"]);
    }
}
