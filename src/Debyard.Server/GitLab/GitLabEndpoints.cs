using System.Buffers;
using System.Text.Json;
using Debyard.Protocol;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.GitLab;

/// <summary>Receives GitLab's webhooks, and compares branches with GitLab's on request.</summary>
/// <param name="gitLab">Null if no GitLab is configured.</param>
sealed class GitLabEndpoints(GitLabBranches? gitLab, Limits limits, ILogger<GitLabEndpoints> log)
{
    const int MaxBodyBytes = 4 * 1024 * 1024;

    static readonly TimeSpan soon = TimeSpan.FromSeconds(1);

    public void Map(WebApplication app)
    {
        app.MapPost("/api/gitlab/webhook", Handler.Of(ReceiveAsync)).Requires(Permission.None);
        app.MapPost("/api/gitlab/reconcile", Handler.Of(ReconcileAsync)).Requires(Permission.Identified);
    }

    // The answer says only that the webhook was received: GitLab disables webhooks that answer slowly or fail repeatedly.
    async Task<IResult> ReceiveAsync(HttpContext http)
    {
        var configured = Configured();
        using var lease = configured.Receiving.AttemptAcquire();
        if (!lease.IsAcquired)
            throw new RefusedException(503, "The server is receiving many webhooks; retry shortly.") { RetryAfter = soon };
        var body = await ReadBodyAsync(http);
        var (outcome, secret) = configured.Verifier.Verify(http.Request.Headers, body);
        var change = outcome == WebhookOutcome.Accepted ? Parse(body, secret!, ref outcome) : null;
        configured.Status.CountWebhook(outcome);
        if (outcome is not (WebhookOutcome.Accepted or WebhookOutcome.Ignored))
            log.LogWarning("Webhook from {Address} with secret {Secret}: {Outcome}", http.Connection.RemoteIpAddress, secret, outcome);
        if (outcome == WebhookOutcome.Forged)
            limits.CountFailure(http);
        if (change is not null)
            configured.Watch.Submit(change);
        return outcome switch
        {
            WebhookOutcome.Forged => Answers.Problem(401, "The webhook has no valid X-Gitlab-Token and no valid signature."),
            WebhookOutcome.WrongTime => Answers.Problem(
                401,
                "The webhook's timestamp differs by more than 5 minutes from this server's clock; compare both clocks."
            ),
            WebhookOutcome.Unreadable => Answers.Problem(400, "The webhook's body is not the JSON of a GitLab event."),
            _ => TypedResults.Accepted((string?)null),
        };
    }

    static BranchChange? Parse(ReadOnlySpan<byte> body, WebhookSecret secret, ref WebhookOutcome outcome)
    {
        try
        {
            if (PushEvent.Parse(body) is { } change && secret.Projects.Any(pattern => pattern.Matches(change.Project)))
                return change;
            outcome = WebhookOutcome.Ignored;
        }
        catch (JsonException)
        {
            outcome = WebhookOutcome.Unreadable;
        }
        return null;
    }

    static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        var body = new ArrayBufferWriter<byte>();
        while (await http.Request.BodyReader.ReadAsync(http.RequestAborted) is var read)
        {
            foreach (var part in read.Buffer)
                body.Write(part.Span);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (body.WrittenCount > MaxBodyBytes)
                throw new BadHttpRequestException(
                    $"A webhook may have at most {MaxBodyBytes} bytes.",
                    StatusCodes.Status413PayloadTooLarge
                );
            if (read.IsCompleted)
                break;
        }
        return body.WrittenSpan.ToArray();
    }

    // The report names branches of everyone, and a comparison may change any of them.
    async Task<IResult> ReconcileAsync(HttpContext http)
    {
        http.RequireAdministrator();
        var apply = http.Query("apply") switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw new BadHttpRequestException($"apply={other} is invalid; it must be true or false."),
        };
        var answer = await Configured().Reconciliation.CompareAllAsync(apply, http.RequestAborted);
        return Answers.Json(answer, ProtocolJson.Default.ReconciliationAnswer);
    }

    GitLabBranches Configured() =>
        gitLab
        ?? throw new RefusedException(
            StatusCodes.Status404NotFound,
            "No GitLab is configured; add the section GitLab to the server's appsettings.json."
        );
}
