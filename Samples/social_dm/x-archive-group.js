window.YTD.direct_messages_group.part0 = [
  {
    "dmConversation": {
      "conversationId": "1455000000000000001",
      "messages": [
        {
          "participantsLeave": {
            "userIds": [
              "40404040"
            ],
            "createdAt": "2026-01-05T10:09:00.000Z"
          }
        },
        {
          "messageCreate": {
            "reactions": [],
            "urls": [],
            "text": "出金が2日間「処理中」のままです。取引IDを送りましたので確認してください。",
            "mediaUrls": [],
            "senderId": "50505050",
            "id": "1770000000000000090",
            "createdAt": "2026-01-05T10:07:30.250Z"
          }
        },
        {
          "messageCreate": {
            "reactions": [],
            "urls": [],
            "text": "Meine Auszahlung hängt auch fest, seit gestern Abend.",
            "mediaUrls": [],
            "senderId": "40404040",
            "id": "1770000000000000080",
            "createdAt": "2026-01-05T10:05:00.000Z",
            "editHistory": [
              {
                "createdAtSec": "1767607490",
                "editedText": "Meine Auszahlung hängt fest"
              }
            ]
          }
        },
        {
          "conversationNameUpdate": {
            "initiatingUserId": "2244994945",
            "name": "Withdrawals",
            "createdAt": "2026-01-05T10:02:00.000Z"
          }
        },
        {
          "participantsJoin": {
            "initiatingUserId": "2244994945",
            "userIds": [
              "50505050"
            ],
            "createdAt": "2026-01-05T10:01:00.000Z"
          }
        },
        {
          "joinConversation": {
            "initiatingUserId": "2244994945",
            "participantsSnapshot": [
              "2244994945",
              "40404040"
            ],
            "createdAt": "2026-01-05T10:00:00.000Z"
          }
        }
      ]
    }
  }
]
