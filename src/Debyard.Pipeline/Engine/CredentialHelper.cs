using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Debyard.Pipeline.Engine;

/// <summary>
/// The program <c>docker-credential-NAME</c>, which keeps credentials outside Docker's configuration:
/// https://github.com/docker/docker-credential-helpers#development
/// </summary>
sealed class CredentialHelper(string name)
{
    readonly string program = $"docker-credential-{name}";

    /// <exception cref="PipelineException">The program is missing or fails.</exception>
    public async Task<RegistryCredentials> GetAsync(string server, CancellationToken cancellation)
    {
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.WriteAsync(server);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It exited without reading its input; its exit code and output say why.
        }
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        var answer = (await output).Trim();
        if (process.ExitCode == 0)
        {
            return Read(answer);
        }
        // Helpers write errors to standard output. This one means "no login for this server".
        return answer.StartsWith("credentials not found", StringComparison.OrdinalIgnoreCase)
            ? new RegistryCredentials()
            : throw new PipelineException(
                $"{program} failed with exit code {process.ExitCode}: {(answer.Length > 0 ? answer : (await errors).Trim())}"
            );
    }

    Process Start()
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo(program, ["get"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (Win32Exception exception)
        {
            throw new PipelineException($"{program} cannot be started: {exception.Message}", exception);
        }
    }

    RegistryCredentials Read(string answer)
    {
        try
        {
            var login = JsonSerializer.Deserialize<Login>(answer)!;
            return login.Username == "<token>"
                ? new RegistryCredentials(IdentityToken: login.Secret)
                : new RegistryCredentials(login.Username, login.Secret);
        }
        catch (JsonException)
        {
            // Leave out the exception's message, which may quote the secret.
            throw new PipelineException($"{program} did not answer with JSON that has Username and Secret");
        }
    }

    sealed record Login(string? Username, string? Secret);
}
