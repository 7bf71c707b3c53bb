using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>The methods of the Bot API, with the words and codes of the real one.</summary>
internal sealed class BotRequests(TelegramServer server)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (server.Unavailable)
        {
            await FailAsync(context, 502, "Bad Gateway");
            return;
        }

        var token = BotToken.Parse((string)context.Request.RouteValues["token"]!);
        if (token is null)
        {
            await FailAsync(context, 404, "Not Found");
            return;
        }

        var bot = server.BotOf(token.BotId);
        if (bot.Secret is null ? !server.AcceptUnknownBots : bot.Secret != token.Secret)
        {
            await FailAsync(context, 401, "Unauthorized");
            return;
        }

        await CallAsync(context, token.BotId, bot);
    }

    private async Task CallAsync(HttpContext context, long botId, Bot bot)
    {
        var parameters = await ParametersAsync(context);
        switch (((string)context.Request.RouteValues["method"]!).ToLowerInvariant())
        {
            case "getme":
                await SucceedAsync(context, new JsonObject { ["id"] = botId, ["is_bot"] = true, ["first_name"] = "Family Assistant", ["username"] = $"family_{botId}_bot" });
                break;
            case "getwebhookinfo":
                await SucceedAsync(context, new JsonObject { ["url"] = "", ["has_custom_certificate"] = false, ["pending_update_count"] = 0 });
                break;
            case "deletewebhook":
                await SucceedAsync(context, JsonValue.Create(true));
                break;
            case "sendmessage":
                await SendAsync(context, bot, parameters);
                break;
            case "getupdates":
                await PollAsync(context, bot, parameters);
                break;
            default:
                await FailAsync(context, 404, "Not Found");
                break;
        }
    }

    private static async Task SendAsync(HttpContext context, Bot bot, Dictionary<string, string> parameters)
    {
        if (!long.TryParse(parameters.GetValueOrDefault("chat_id"), CultureInfo.InvariantCulture, out var chat) || parameters.GetValueOrDefault("text") is not { Length: > 0 } text)
        {
            await FailAsync(context, 400, "Bad Request: message text is empty");
            return;
        }

        bot.Say(chat, text);
        await SucceedAsync(context, new JsonObject { ["message_id"] = bot.Replies.Count, ["chat"] = new JsonObject { ["id"] = chat }, ["text"] = text });
    }

    private async Task PollAsync(HttpContext context, Bot bot, Dictionary<string, string> parameters)
    {
        _ = long.TryParse(parameters.GetValueOrDefault("offset"), CultureInfo.InvariantCulture, out var offset);
        _ = double.TryParse(parameters.GetValueOrDefault("timeout"), CultureInfo.InvariantCulture, out var timeout);
        var client = new PollerClient(context.Request.Headers.UserAgent.ToString(), context.Connection.RemotePort);
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        var updates = await bot.PollAsync(client, () => IsConnected(socket), offset, TimeSpan.FromSeconds(Math.Clamp(timeout, 0, 50)), context.RequestAborted);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await (updates is null ? FailAsync(context, 409, server.ConflictWords) : SucceedAsync(context, new JsonArray([.. updates])));
    }

    /// <summary>By the kernel's word: what a process closes, also by its death, is closed at once, while the web server hears of it when it gets round to it.</summary>
    private static bool IsConnected(Socket socket)
    {
        try
        {
            // Readable without anything to read is the end.
            return !(socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }

    /// <summary>From the query, a form or a JSON object, as the Bot API takes them.</summary>
    private static async Task<Dictionary<string, string>> ParametersAsync(HttpContext context)
    {
        var parameters = context.Request.Query.ToDictionary(entry => entry.Key, entry => entry.Value.ToString());
        if (context.Request.HasFormContentType)
        {
            foreach (var (name, value) in await context.Request.ReadFormAsync(context.RequestAborted))
            {
                parameters[name] = value.ToString();
            }
        }
        else if (context.Request.HasJsonContentType() && await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body) is { } body)
        {
            foreach (var (name, value) in body)
            {
                parameters[name] = value?.ToString() ?? "";
            }
        }

        return parameters;
    }

    private static Task SucceedAsync(HttpContext context, JsonNode result) => WriteAsync(context, 200, new JsonObject { ["ok"] = true, ["result"] = result });

    private static Task FailAsync(HttpContext context, int code, string description) =>
        WriteAsync(context, code, new JsonObject { ["ok"] = false, ["error_code"] = code, ["description"] = description });

    private static Task WriteAsync(HttpContext context, int code, JsonObject content)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(content.ToJsonString());
    }
}
