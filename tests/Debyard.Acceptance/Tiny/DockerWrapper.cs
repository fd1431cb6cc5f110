namespace Debyard.Acceptance.Tiny;

/// <summary>Before the engine's real client on a product's PATH: does what a test wants at the moment an image is built.</summary>
static class DockerWrapper
{
    /// <param name="product">Whose runs it takes part in.</param>
    /// <param name="image">The image whose building it waits for.</param>
    /// <param name="script">What a shell does then; <c>REAL</c> is the real command.</param>
    public static async Task InstallAsync(TinyProduct product, string image, string script)
    {
        var real = $"{(await Tool.RunAsync("sh", "-c", "command -v docker")).Trim()} \"$@\"";
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(product.Path, "path")).FullName;
        var client = System.IO.Path.Combine(folder, "docker");
        File.WriteAllText(
            client,
            $"#!/bin/sh\ncase \"$*\" in "
                + $"'build --tag '*/{image}:*) {script.Replace("REAL", real, StringComparison.Ordinal)};; esac\nexec {real}\n"
        );
        File.SetUnixFileMode(client, (UnixFileMode)0b111_101_101);
        product.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }
}
