using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using Nuke.Common.IO;

namespace Nuke.Common.Execution;

/// <summary><c>--plan</c>: a page with the order in which targets run and why, opened in the browser.</summary>
static class PlanPage
{
    public static void Show(NukeBuild build)
    {
        var page = (NukeBuild.TemporaryDirectory / "execution-plan.html").WriteAllText(Html(build));
        try
        {
            Process.Start(new ProcessStartInfo(page) { UseShellExecute = true })?.Dispose();
        }
        catch (Win32Exception)
        {
            Host.Information($"Nothing here opens web pages; the plan is in {page}");
        }
        Environment.Exit(0);
    }

    static string Html(NukeBuild build)
    {
        var rows = new StringBuilder();
        foreach (var target in build.ExecutionPlan)
        {
            rows.Append("<tr><td>")
                .Append(WebUtility.HtmlEncode(target.Name))
                .Append("<td>")
                .Append(Names(target.ExecutionDependencies))
                .Append("<td>")
                .Append(Names(target.OrderDependencies.Where(build.ExecutionPlan.Contains)))
                .Append("<td>")
                .Append(Names(target.TriggerDependencies.Where(build.ExecutionPlan.Contains)))
                .Append("<td>")
                .AppendLine(WebUtility.HtmlEncode(target.Description));
        }
        return $"""
            <!doctype html>
            <meta charset="utf-8">
            <title>Execution plan</title>
            <table>
            <tr><th>Target<th>Depends on<th>Runs after<th>Triggered by<th>
            {rows}</table>
            """;
    }

    static string Names(IEnumerable<ExecutableTarget> targets) => WebUtility.HtmlEncode(string.Join(", ", targets.Select(x => x.Name)));
}
