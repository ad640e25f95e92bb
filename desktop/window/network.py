"""Denies the QML engine every connection. Knows Qt's network classes and one rule.

What the window shows comes out of the library; an address in a message can never make it fetch
anything. Files and resources of the program itself are read.
"""

from __future__ import annotations

from PySide6.QtCore import QIODevice, QObject, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlNetworkAccessManagerFactory

LOCAL = ("file", "qrc", "data")
NOWHERE = QUrl("qrc:/medley/denied")


class OfflineManager(QNetworkAccessManager):
    """Reads what is local; everything else ends in an error without a packet leaving."""

    def createRequest(  # noqa: N802  (Qt's name)
        self,
        op: QNetworkAccessManager.Operation,
        request: QNetworkRequest,
        outgoingData: QIODevice | None = None,  # noqa: N803
    ) -> QNetworkReply:
        """A reply to a request, which is pointed at nothing when it would leave the machine."""
        if request.url().scheme().lower() not in LOCAL:
            request = QNetworkRequest(NOWHERE)
            op = QNetworkAccessManager.Operation.GetOperation
        return super().createRequest(op, request, outgoingData)


class OfflineFactory(QQmlNetworkAccessManagerFactory):
    """Gives the QML engine managers that are offline. Called on any of its threads."""

    def create(self, parent: QObject) -> QNetworkAccessManager:
        """A manager that is offline."""
        return OfflineManager(parent)
